import assert from "node:assert/strict";
import { test } from "node:test";
import { extend, fromMinor, quantity, quickAmounts, readAmount, roundCash, toMinor } from "../src/money.ts";

test("amounts are canonical strings, minor units are integers", () => {
  assert.equal(toMinor("12.5"), 1250);
  assert.equal(toMinor("-0.07"), -7);
  assert.equal(fromMinor(-7), "-0.07");
  assert.equal(fromMinor(1250, 0), "1250");
  assert.throws(() => toMinor("1.005"), RangeError);
  assert.throws(() => toMinor("1e3"), RangeError);
});

test("typed amounts are read in both notations and never mistaken", () => {
  const read = (typed: string): string | null => readAmount(typed, 2, ".");
  assert.equal(read("1,250.5"), "1250.50");
  assert.equal(read("1,250"), "1250.00");
  assert.equal(read("12,50"), "12.50");
  assert.equal(read("$ .75"), "0.75");
  assert.equal(read("5."), "5.00");
  assert.equal(readAmount("1.250,50 €", 2, ","), "1250.50");
  assert.equal(read("1,2,3"), null);
  assert.equal(read("twelve"), null);
  assert.equal(read(""), null);
});

test("POS-05 extended amount is unit price times quantity, half away from zero", () => {
  assert.equal(extend("9.99", "2"), 1998);
  assert.equal(extend("0.35", "1.5"), 53);
  assert.equal(extend("-0.35", "1.5"), -53);
});

test("quick amounts are the next notes above what is due", () => {
  const notes = [100, 500, 1000, 2000, 5000, 10000];
  assert.deepEqual(quickAmounts(14811, notes), [14900, 15000, 16000, 20000]);
  assert.deepEqual(quickAmounts(432, notes), [500, 1000, 2000, 5000, 10000]);
});

test("POS-31 cash is rounded to the smallest coin, half up", () => {
  assert.equal(roundCash(2163, 5), 2165);
  assert.equal(roundCash(2162, 5), 2160);
  assert.equal(roundCash(2163, 1), 2163);
});

test("quantities are shown without trailing zeros", () => {
  assert.equal(quantity("2.000"), "2");
  assert.equal(quantity("100"), "100");
  assert.equal(quantity("1.250"), "1.25");
});
