/** Shapes of the API that the register uses; money and quantities are canonical strings. */
import type { GivenReason, Reason } from "@lunarfront/ui";

export interface Item {
  variant_id: string;
  sku: string;
  name: string;
  price: string | null;
  on_hand: string | null;
  kind: string;
  is_serialized: boolean;
  pack_qty?: string;
  unit_id?: string;
}

export interface Category {
  id: string;
  name: string;
}

export interface Discount extends GivenReason {
  type: "percent" | "amount";
  value: string;
}

/** A line of the cart in this page; `key` is its identity here, the server numbers lines in their order. */
export interface Line {
  key: string;
  item: Item;
  qty: string;
  unitPrice?: string;
  reason?: GivenReason;
  description?: string;
  discounts: Discount[];
}

export interface QuotedLine {
  id?: string;
  line_no: number;
  qty: string;
  unit_price: string;
  extended: string;
  override_amount: string;
  line_discount: string;
  cart_discount: string;
  net: string;
  tax: string;
  total: string;
}

export interface QuotedTax {
  name: string;
  rate: string;
  amount: string;
}

/** Answer of the quote and of the sale itself. */
export interface Transaction {
  id?: string;
  number?: string | null;
  status?: string;
  lines: QuotedLine[];
  taxes: QuotedTax[];
  subtotal: string;
  discount_total: string;
  net_total: string;
  tax_total: string;
  cash_rounding: string;
  total: string;
  balance_due: string;
  change_given: string;
}

export type Tender =
  | { type: "cash"; tendered: string }
  | { type: "card"; amount: string; reference: string };

/** The account of a sale. */
export interface Customer {
  id: string;
  name: string;
  number: string;
  tax_exempt: boolean;
}

/** What the page gives to the element: `data-config` of the template. */
export interface PosConfig {
  drawer_open: boolean;
  customers: boolean;
  can_create_items: boolean;
  notes: string[];
  cash_increment: string;
  reasons: Record<"discount" | "override" | "approval", Reason[]>;
  clear_confirm_above: number;
}
