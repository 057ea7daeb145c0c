// Builds the pages' scripts, styles, fonts and icons into the folder that the server gives out.
// Every name carries a digest or a version, so that browsers may keep the files for ever.
import { build, context } from "esbuild";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { icons } from "./icons.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const modules = join(here, "node_modules");
const target = join(here, "..", "src", "lacre", "web", "static");
const watching = process.argv.includes("--watch");

rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });

const entries = {
  "frame.css": "styles/frame.css",
  "room.css": "styles/room.css",
  "console.css": "styles/console.css",
  "frame.js": "src/frame.ts",
  "room.js": "src/room.ts",
  "verify.js": "src/verify.ts",
  "console.js": "src/console.ts",
};

const options = {
  absWorkingDir: here,
  entryPoints: Object.values(entries),
  outdir: target,
  bundle: true,
  format: "esm",
  splitting: true,
  minify: !watching,
  sourcemap: watching,
  target: ["es2022", "chrome109", "firefox115", "safari16"],
  loader: { ".woff2": "file" },
  entryNames: "[name]-[hash]",
  chunkNames: "[name]-[hash]",
  assetNames: "[name]-[hash]",
  metafile: true,
  legalComments: "none",
  logLevel: "warning",
  plugins: [{ name: "manifest", setup: (made) => void made.onEnd((result) => describe(result.metafile)) }],
};

if (watching) {
  await (await context(options)).watch();
} else {
  await build(options);
}

function describe(metafile) {
  if (!metafile) return;
  const built = Object.entries(metafile.outputs).filter(([, output]) => output.entryPoint);
  const bySource = Object.fromEntries(built.map(([file, output]) => [output.entryPoint, basename(file)]));
  const files = Object.fromEntries(Object.entries(entries).map(([name, source]) => [name, bySource[source]]));
  const styles = Object.values(files).filter((file) => file.endsWith(".css"));
  const worker = digestNamed(join(modules, "pdfjs-dist", "build", "pdf.worker.min.mjs"), "pdf.worker", "mjs");
  const seal = digestNamed(join(here, "seal.svg"), "seal", "svg");
  const named = { ...files, "pdf.worker.mjs": worker, "seal.svg": seal };
  write("manifest.json", JSON.stringify({ files: named, pdfjs: copyPdfjs() }));
  write("icons.json", JSON.stringify(inlineIcons()));
  write("LICENSES.txt", licences());
  for (const file of [...styles, ...scripts(metafile), worker]) compress(file);
}

function scripts(metafile) {
  return Object.keys(metafile.outputs).map((file) => basename(file)).filter((file) => file.endsWith(".js"));
}

function digestNamed(source, name, ending) {
  const content = readFileSync(source);
  const digest = createHash("sha256").update(content).digest("hex").slice(0, 8).toUpperCase();
  write(`${name}-${digest}.${ending}`, content);
  return `${name}-${digest}.${ending}`;
}

// What pdf.js fetches when a document asks for it: character maps, the 14 standard fonts, image decoders.
function copyPdfjs() {
  const { version } = JSON.parse(readFileSync(join(modules, "pdfjs-dist", "package.json"), "utf8"));
  for (const folder of ["cmaps", "standard_fonts", "wasm"]) {
    cpSync(join(modules, "pdfjs-dist", folder), join(target, `pdfjs-${version}`, folder), { recursive: true });
  }
  return `pdfjs-${version}`;
}

function inlineIcons() {
  const set = JSON.parse(readFileSync(join(modules, "@iconify-json", "lucide", "icons.json"), "utf8"));
  const found = (name) => set.icons[set.aliases[name]?.parent ?? name];
  const missing = icons.filter((name) => !found(name));
  if (missing.length) throw new Error(`the icon set has no ${missing.join(", ")}`);
  return Object.fromEntries(icons.map((name) => [name, found(name).body]));
}

function licences() {
  const from = [
    "pdfjs-dist/LICENSE",
    "signature_pad/LICENSE",
    "@fontsource-variable/source-sans-3/LICENSE",
    "@fontsource-variable/source-code-pro/LICENSE",
    "@fontsource-variable/caveat/LICENSE",
  ];
  const texts = from.map((file) => `${dirname(file)}\n\n${readFileSync(join(modules, file), "utf8")}`);
  return [...texts, "Icons: Lucide, ISC, https://github.com/lucide-icons/lucide/blob/main/LICENSE\n"].join("\n\n");
}

function compress(file) {
  const content = readFileSync(join(target, file));
  write(`${file}.gz`, gzipSync(content, { level: 9 }));
  write(`${file}.br`, brotliCompressSync(content));
}

function write(name, content) {
  writeFileSync(join(target, name), content);
}
