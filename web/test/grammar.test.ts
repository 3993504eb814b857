import assert from "node:assert/strict";
import { test } from "node:test";
import { actsAlone, parseCommand } from "../src/pos/grammar.ts";

test("the scan field reads quantities", () => {
  assert.deepEqual(parseCommand("3*"), { kind: "next_qty", qty: "3", rest: "" });
  assert.deepEqual(parseCommand("3*GS-1046"), { kind: "next_qty", qty: "3", rest: "GS-1046" });
  assert.deepEqual(parseCommand("*5"), { kind: "set_qty", qty: "5" });
  assert.equal(parseCommand("0*").kind, "search");
});

test("the scan field reads discounts and prices", () => {
  assert.deepEqual(parseCommand("/10%"), { kind: "discount", scope: "line", type: "percent", value: "10" });
  assert.deepEqual(parseCommand("/5"), { kind: "discount", scope: "line", type: "amount", value: "5" });
  assert.deepEqual(parseCommand("//10%"), { kind: "discount", scope: "cart", type: "percent", value: "10" });
  assert.deepEqual(parseCommand("=12,50"), { kind: "override", price: "12.50" });
});

test("single keys act alone, codes that begin with them do not", () => {
  assert.ok(actsAlone("+") && actsAlone("-") && actsAlone("?") && actsAlone(".1"));
  assert.ok(!actsAlone("+4912345") && !actsAlone("-1") && !actsAlone(".12"));
  assert.deepEqual(parseCommand(".9"), { kind: "tile", index: 8 });
});

test("a customer is looked up behind @", () => {
  assert.deepEqual(parseCommand("@moore"), { kind: "customer", text: "moore" });
});

test("everything else is searched as it was typed", () => {
  assert.deepEqual(parseCommand(" strings 10-46 "), { kind: "search", text: "strings 10-46" });
  assert.deepEqual(parseCommand("1,5 m cable"), { kind: "search", text: "1,5 m cable" });
});
