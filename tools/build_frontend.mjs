// Builds src/zhibu/ui/frontend into src/zhibu/ui/static/zhibu:
//   main.js (and the main.css it imports), every file of entries/, lazily loaded chunks with a hash in
//   their name, public/ as it stands, one sprite of the icons that icons.txt names, and strokes.json: the strokes
//   of characters as digits (1 横 2 竖 3 撇 4 点 5 折), by which names are put in order.
import { build } from "esbuild";
import { cp, mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const sources = join(root, "src/zhibu/ui/frontend");
const target = join(root, "src/zhibu/ui/static/zhibu");
const icons = join(root, "node_modules/@tabler/icons/icons");

/** The drawing of one Tabler icon as a <symbol>; "name-filled" is the filled one. */
async function symbol(name) {
  const filled = name.endsWith("-filled");
  const file = join(icons, filled ? "filled" : "outline", `${filled ? name.slice(0, -7) : name}.svg`);
  if (!existsSync(file)) throw new Error(`icons.txt: Tabler has no icon "${name}"`);
  const drawing = (await readFile(file, "utf8"))
    .replace(/^[\s\S]*?<svg[^>]*>/, "")
    .replace(/<\/svg>\s*$/, "")
    .replace(/<path stroke="none" d="M0 0h24v24H0z" fill="none" ?\/>/, "")
    .replace(/\s*\n\s*/g, "");
  const pen = filled
    ? 'fill="currentColor"'
    : 'fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"';
  return `<symbol id="icon-${name}" viewBox="0 0 24 24" ${pen}>${drawing}</symbol>`;
}

/** Every character the package knows, its strokes in their five kinds; a hook counts with the stroke it ends. */
function strokes() {
  const { orders, strokeTable } = createRequire(import.meta.url)("cnchar-order").dict;
  const plain = { 横: 1, 提: 1, 点2: 1, 竖: 2, 竖钩: 2, 撇: 3, 点: 4, 捺: 4 };
  const kind = (letter) => plain[strokeTable[letter]?.name] ?? 5;
  return Object.fromEntries(Object.entries(orders).map(([sign, letters]) => [sign, [...letters].map(kind).join("")]));
}

async function sprite() {
  const list = join(sources, "icons.txt");
  const lines = existsSync(list) ? (await readFile(list, "utf8")).split("\n") : [];
  const names = [...new Set(lines.map((line) => line.replace(/#.*/, "").trim()).filter(Boolean))].sort();
  const symbols = await Promise.all(names.map(symbol));
  return `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join("\n")}\n</svg>\n`;
}

// built aside and put in place at the end, so that a running server never sees half of it
const aside = `${target}.new`;
await rm(aside, { recursive: true, force: true });
await mkdir(aside, { recursive: true });

const entries = { main: join(sources, "main.js") };
const further = join(sources, "entries");
for (const file of existsSync(further) ? await readdir(further) : []) {
  entries[file.replace(/\.\w+$/, "")] = join(further, file);
}

const result = await build({
  entryPoints: entries,
  outdir: aside,
  bundle: true,
  splitting: true,
  format: "esm",
  target: ["es2020", "chrome90", "firefox90", "safari15"],
  minify: true,
  legalComments: "none",
  entryNames: "[name]",
  chunkNames: "[name]-[hash]",
  assetNames: "[name]-[hash]",
  loader: { ".svg": "file", ".woff2": "file", ".png": "file" },
  nodePaths: [join(root, "node_modules")],
  metafile: true,
  logLevel: "warning",
}).catch(() => process.exit(1)); // esbuild has said what is wrong, and where

await writeFile(join(aside, "icons.svg"), await sprite());
await writeFile(join(aside, "strokes.json"), JSON.stringify(strokes()));
if (existsSync(join(sources, "public"))) await cp(join(sources, "public"), aside, { recursive: true });
await rm(target, { recursive: true, force: true });
await rename(aside, target);

for (const [name, { bytes }] of Object.entries(result.metafile.outputs)) {
  console.log(`${String(Math.ceil(bytes / 1024)).padStart(6)} kB  ${name.split("/").pop()}`);
}
