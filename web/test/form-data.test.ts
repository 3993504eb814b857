import assert from "node:assert/strict";
import { test } from "node:test";
import { fraction, pathKeys, setPath, type Json } from "../src/form-data.ts";

test("field names become paths", () => {
  assert.deepEqual(pathKeys("lines[0].qty"), ["lines", "0", "qty"]);
  assert.deepEqual(pathKeys("denominations[20.00]"), ["denominations", "20.00"]);
});

test("paths become lists and objects", () => {
  const body: { [name: string]: Json } = {};
  setPath(body, "lines[0].qty", "2");
  setPath(body, "lines[1].qty", "3");
  setPath(body, "denominations[20.00]", 4);
  assert.deepEqual(body, { lines: [{ qty: "2" }, { qty: "3" }], denominations: { "20.00": 4 } });
});

test("percentages become fractions without losing a digit", () => {
  assert.equal(fraction("8.25"), "0.0825");
  assert.equal(fraction("100"), "1.00");
  assert.equal(fraction("7,5 %"), "0.075");
  assert.equal(fraction("many"), "many");
});
