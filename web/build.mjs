// Builds the browser assets into core/lunarfront/static/dist: content-hashed names, manifest, icon sprite, .gz and .br,
// and fails above the size budgets of the front end. `--watch` rebuilds on change.
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, rmSync, watch, writeFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const WEB = dirname(fileURLToPath(import.meta.url));
const ROOT = dirname(WEB);
const DIST = join(ROOT, "core/lunarfront/static/dist");
const SRC = join(WEB, "src");
const ERROR_FILE = join(DIST, "build-error.txt");
const COMPRESSED = /\.(js|css|svg|json)$/;

const ENTRIES = ["ui.ts", "app.ts", "print.ts", "pos/lf-pos.ts", "styles/lf.css"];
// gz kilobytes (1 KB = 1024 bytes); fonts are already compressed.
const BUDGETS = [
  { what: "JS, staff page", limit: 45, of: ["ui.ts", "app.ts"] },
  { what: "JS, ui and app together", limit: 30, of: ["ui.ts", "app.ts"] },
  { what: "JS, Sell", limit: 90, of: ["ui.ts", "app.ts", "pos/lf-pos.ts"] },
  { what: "CSS", limit: 20, of: ["styles/lf.css"] },
  { what: "fonts, first load", limit: 60, of: ["inter.woff2"] },
  { what: "icon sprite", limit: 20, of: ["icons.svg"] },
];

function hashed(name, bytes) {
  const [stem, ext] = name.split(/\.(?=[^.]+$)/);
  return `${stem}-${createHash("sha256").update(bytes).digest("hex").slice(0, 10)}.${ext}`;
}

function symbol(file, id) {
  const svg = readFileSync(file, "utf8").replace(/<!--[\s\S]*?-->/g, "");
  const viewBox = /viewBox="([^"]+)"/.exec(svg)[1];
  const inner = svg.replace(/^[\s\S]*?<svg[^>]*>/, "").replace(/<\/svg>\s*$/, "").replace(/\s+/g, " ").trim();
  return `<symbol id="${id}" viewBox="${viewBox}">${inner}</symbol>`;
}

function sprite() {
  const { icons } = JSON.parse(readFileSync(join(WEB, "icons.json"), "utf8"));
  const lucide = (id) => symbol(join(ROOT, "node_modules/lucide-static/icons", `${id}.svg`), id);
  const own = readdirSync(join(SRC, "icons")).map((file) => symbol(join(SRC, "icons", file), basename(file, ".svg")));
  return `<svg xmlns="http://www.w3.org/2000/svg">${[...icons.map(lucide), ...own].join("")}</svg>\n`;
}

async function bundle() {
  const result = await build({
    absWorkingDir: ROOT,
    entryPoints: ENTRIES.map((entry) => join(SRC, entry)),
    outdir: DIST,
    outbase: SRC,
    entryNames: "[name]-[hash]",
    chunkNames: "[name]-[hash]",
    assetNames: "[name]-[hash]",
    bundle: true,
    splitting: true,
    format: "esm",
    target: ["es2022", "chrome120", "firefox120", "safari17.5"],
    minify: true,
    sourcemap: "linked",
    legalComments: "linked",
    external: ["@lunarfront/ui"],
    loader: { ".woff2": "file" },
    metafile: true,
    logLevel: "warning",
  });
  return result.metafile;
}

function entryFiles(metafile) {
  const outputs = Object.entries(metafile.outputs).filter(([, output]) => output.entryPoint);
  return Object.fromEntries(
    outputs.map(([file, output]) => [relative(SRC, join(ROOT, output.entryPoint)), basename(file)]),
  );
}

function closures(metafile, entries) {
  const byName = new Map(Object.entries(metafile.outputs).map(([file, output]) => [basename(file), output]));
  const follow = (name, seen) => {
    if (seen.has(name) || !byName.has(name)) return seen;
    seen.add(name);
    for (const used of byName.get(name).imports) if (used.kind === "import-statement") follow(basename(used.path), seen);
    return seen;
  };
  return Object.fromEntries(Object.entries(entries).map(([source, file]) => [source, [...follow(file, new Set())]]));
}

function extraFiles(metafile) {
  const font = Object.keys(metafile.outputs).map((file) => basename(file)).find((name) => name.endsWith(".woff2"));
  const svg = sprite();
  const name = hashed("icons.svg", svg);
  writeFileSync(join(DIST, name), svg);
  return { "icons.svg": name, "inter.woff2": font };
}

function compress() {
  for (const name of readdirSync(DIST).filter((file) => COMPRESSED.test(file))) {
    const bytes = readFileSync(join(DIST, name));
    writeFileSync(join(DIST, `${name}.gz`), gzipSync(bytes, { level: 9 }));
    writeFileSync(join(DIST, `${name}.br`), brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
  }
}

function weight(name) {
  const bytes = readFileSync(join(DIST, name));
  return name.endsWith(".woff2") ? bytes.length : gzipSync(bytes, { level: 9 }).length;
}

function budgetTable(parts) {
  let over = 0;
  console.log(`${"asset".padEnd(28)}${"KB gz".padStart(8)}${"limit".padStart(8)}`);
  for (const { what, limit, of } of BUDGETS) {
    const files = new Set(of.flatMap((source) => parts[source]));
    const size = [...files].reduce((sum, name) => sum + weight(name), 0) / 1024;
    over += size > limit ? 1 : 0;
    console.log(`${what.padEnd(28)}${size.toFixed(1).padStart(8)}${String(limit).padStart(8)}${size > limit ? "  OVER" : ""}`);
  }
  return over;
}

async function run() {
  rmSync(DIST, { recursive: true, force: true });
  mkdirSync(DIST, { recursive: true });
  const metafile = await bundle();
  const extra = extraFiles(metafile);
  const entries = entryFiles(metafile);
  const preload = closures(metafile, entries);
  const extraParts = Object.fromEntries(Object.entries(extra).map(([source, file]) => [source, [file]]));
  const manifest = { files: { ...entries, ...extra }, preload };
  writeFileSync(join(DIST, "manifest.json"), `${JSON.stringify(manifest, null, 1)}\n`);
  compress();
  return budgetTable({ ...preload, ...extraParts });
}

async function rebuild() {
  try {
    await run();
  } catch (error) {
    mkdirSync(DIST, { recursive: true });
    writeFileSync(ERROR_FILE, String(error.message));
    console.error(error.message);
  }
}

if (process.argv.includes("--watch")) {
  await rebuild();
  let timer;
  watch(SRC, { recursive: true }, () => {
    clearTimeout(timer);
    timer = setTimeout(rebuild, 60);
  });
} else if (await run()) {
  console.error("A size budget is passed.");
  process.exit(1);
}
