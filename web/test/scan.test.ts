import assert from "node:assert/strict";
import { test } from "node:test";
import { ScanBuffer, type ScanStep } from "../src/scan.ts";

function type(buffer: ScanBuffer, keys: string[], start: number, gap: number): ScanStep {
  return keys.map((key, index) => buffer.push(key, start + index * gap)).at(-1) as ScanStep;
}

test("UX-07 fast keys ended by Enter are one scan", () => {
  const step = type(new ScanBuffer(), [..."0123456", "Enter"], 0, 5);
  assert.deepEqual(step, { kind: "scan", code: "0123456" });
});

test("UX-07 typing is no scan, nor are fewer than four fast keys", () => {
  assert.equal(type(new ScanBuffer(), [..."0123456", "Enter"], 0, 90).kind, "other");
  assert.equal(type(new ScanBuffer(), [..."012", "Enter"], 0, 5).kind, "other");
});

test("UX-07 a typed character before a scan does not belong to it", () => {
  const buffer = new ScanBuffer();
  buffer.push("x", 0);
  assert.deepEqual(type(buffer, [..."12345", "Enter"], 500, 4), { kind: "scan", code: "12345" });
});

test("UX-07 two scans within 100 ms never mix", () => {
  const buffer = new ScanBuffer();
  assert.deepEqual(type(buffer, [..."11111", "Enter"], 0, 2), { kind: "scan", code: "11111" });
  assert.deepEqual(type(buffer, [..."22222", "Tab"], 20, 2), { kind: "scan", code: "22222" });
});

test("UX-07 Enter long after the keys is no scan, and Shift inside a code is not a break", () => {
  const slow = new ScanBuffer();
  type(slow, [..."12345"], 0, 4);
  assert.equal(slow.push("Enter", 400).kind, "other");
  assert.deepEqual(type(new ScanBuffer(), ["a", "Shift", "B", "1", "2", "Enter"], 0, 4), { kind: "scan", code: "aB12" });
});
