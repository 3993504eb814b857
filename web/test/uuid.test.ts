import assert from "node:assert/strict";
import { test } from "node:test";
import { uuid } from "../src/uuid.ts";

test("FO-01 ids are UUIDv7, sort by time and need no secure context", () => {
  const id = uuid(1_700_000_000_000);
  assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.equal(Number.parseInt(id.replaceAll("-", "").slice(0, 12), 16), 1_700_000_000_000);
  assert.ok(uuid(1) < uuid(2));
  assert.notEqual(uuid(5), uuid(5));
});
