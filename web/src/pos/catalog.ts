/** Search, scan and tiles from the server; scanned codes are remembered so that a repeated one needs no request. */
import { api, Problem } from "@lunarfront/ui";
import type { Category, Item } from "./types.ts";

interface List<T> {
  items: T[];
}

const TILE_LIMIT = 60;
const HIT_LIMIT = 30;
const REMEMBERED_MS = 60_000;

export class Catalog {
  private readonly codes = new Map<string, { items: Item[]; at: number }>();
  private searching: AbortController | undefined;

  /** Items of an exact code: barcode, SKU or serial; an empty list when nobody knows it. */
  async lookup(code: string): Promise<Item[]> {
    const known = this.codes.get(code);
    if (known && performance.now() - known.at < REMEMBERED_MS) return known.items;
    const items = await this.ask(code);
    if (items.length && !items.some((item) => item.unit_id)) this.codes.set(code, { items, at: performance.now() });
    return items;
  }

  /** Items by words; an older search that still runs is dropped and answers null. */
  async search(text: string): Promise<Item[] | null> {
    this.searching?.abort();
    const searching = new AbortController();
    this.searching = searching;
    try {
      const query = { q: text, limit: HIT_LIMIT };
      return (await api<List<Item>>("GET", "/variants", undefined, { query, signal: searching.signal })).items;
    } catch (error) {
      if (searching.signal.aborted) return null;
      throw error;
    }
  }

  async categories(): Promise<Category[]> {
    return (await api<List<Category>>("GET", "/categories", undefined, { query: { limit: 100 } })).items;
  }

  async tiles(categoryId: string): Promise<Item[]> {
    const query = { limit: TILE_LIMIT, "filter[category_id]": categoryId };
    return (await api<List<Item>>("GET", "/variants", undefined, { query })).items;
  }

  private async ask(code: string): Promise<Item[]> {
    try {
      return (await api<List<Item>>("GET", "/lookup", undefined, { query: { code } })).items;
    } catch (error) {
      if (error instanceof Problem && error.code === "unknown_barcode") return [];
      throw error;
    }
  }
}
