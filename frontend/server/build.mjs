// Builds what the server's pages load: two scripts (charts only where something is drawn), two stylesheets, fonts and icons, under names that carry the hash of their contents.
// Run by `npm run build:server` and by hatch_build.py.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, "../..");
const server = join(root, "src/huiyin/server");
const final = join(server, "web/static/build");
const outdir = `${final}.new`;
const modules = join(root, "node_modules");

const hashed = (name, contents) => {
  const hash = createHash("sha256").update(contents).digest("hex").slice(0, 8).toUpperCase();
  const dot = name.lastIndexOf(".");
  return `${name.slice(0, dot)}-${hash}${name.slice(dot)}`;
};

// The tokens are those of the report; here a person may also choose light or dark herself, so the dark values stand twice.
const tokens = {
  name: "tokens",
  setup(builder) {
    builder.onLoad({ filter: /report[\\/]styles[\\/]tokens\.css$/ }, ({ path }) => {
      const source = readFileSync(path, "utf8");
      const dark = source.match(/@media screen and \(prefers-color-scheme: dark\) \{\s*:root \{([^}]*)\}\s*\}/);
      if (!dark) throw new Error("frontend/report/styles/tokens.css holds no dark values");
      const twice = `@media screen and (prefers-color-scheme: dark) { :root:not([data-theme="light"]) {${dark[1]}} }
@media screen { :root[data-theme="dark"] { color-scheme: dark; ${dark[1]}} :root[data-theme="light"] { color-scheme: light; } }`;
      return { contents: source.replace(dark[0], twice).replace("font-display: block", "font-display: swap"), loader: "css", resolveDir: dirname(path) };
    });
  },
};

// Every browser we know reads woff2; the older form would double the package.
const woff2Only = {
  name: "woff2-only",
  setup(builder) {
    builder.onLoad({ filter: /fontsource[\\/].*\.css$/ }, ({ path }) => ({
      contents: readFileSync(path, "utf8").replace(/,\s*url\([^)]*\.woff\)\s*format\('woff'\)/g, ""),
      loader: "css",
      resolveDir: dirname(path),
    }));
  },
};

rmSync(outdir, { recursive: true, force: true });
const result = await build({
  absWorkingDir: root,
  entryPoints: { server: join(here, "main.ts"), charts: join(here, "charts.ts"), "server-style": join(here, "styles/server.css"), serif: join(here, "styles/serif.css") },
  outdir,
  entryNames: "[name]-[hash]",
  assetNames: "[name]-[hash]",
  bundle: true,
  minify: true,
  metafile: true,
  format: "iife",
  target: ["chrome109", "firefox115", "safari16"],
  charset: "utf8",
  legalComments: "linked",
  loader: { ".woff2": "file" },
  define: { "process.env.NODE_ENV": '"production"' },
  plugins: [tokens, woff2Only],
  logLevel: "warning",
});

const manifest = {};
for (const [file, { entryPoint }] of Object.entries(result.metafile.outputs)) {
  const name = basename(file);
  if (entryPoint?.endsWith("main.ts")) manifest["server.js"] = name;
  if (entryPoint?.endsWith("charts.ts")) manifest["charts.js"] = name;
  if (entryPoint?.endsWith("server.css")) manifest["server.css"] = name;
  if (entryPoint?.endsWith("serif.css")) manifest["serif.css"] = name;
  if (/^inter-latin-wght-normal-\w+\.woff2$/.test(name)) manifest["inter.woff2"] = name;
}
for (const file of readdirSync(join(here, "assets"))) {
  const contents = readFileSync(join(here, "assets", file));
  manifest[file] = hashed(file, contents);
  writeFileSync(join(outdir, manifest[file]), contents);
}

// Icons: those that a template or a navigation entry names.
const named = new Set();
const walk = (folder) => {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!["static", "__pycache__", "locale"].includes(entry.name)) walk(path);
    } else if (/\.(html|py)$/.test(entry.name)) {
      const text = readFileSync(path, "utf8");
      for (const [, name] of text.matchAll(/\{%\s*icon\s+"([a-z0-9-]+)"/g)) named.add(name);
      for (const [, name] of text.matchAll(/\bicon(?:=|": )"([a-z0-9-]+)"/g)) named.add(name);
    }
  }
};
walk(server);
const icons = {};
for (const name of [...named].sort()) {
  let drawing;
  try {
    drawing = readFileSync(join(modules, "@tabler/icons/icons/outline", `${name}.svg`), "utf8");
  } catch {
    throw new Error(`Tabler has no outline icon named ${name}`);
  }
  icons[name] = drawing
    .replace(/^[\s\S]*?<svg[^>]*>/, "")
    .replace(/<\/svg>\s*$/, "")
    .replace(/<path stroke="none"[^>]*\/>/, "")
    .replace(/\s*\n\s*/g, "");
}
writeFileSync(join(outdir, "icons.json"), JSON.stringify(icons));
writeFileSync(join(outdir, "manifest.json"), JSON.stringify(manifest));

for (const name of readdirSync(outdir)) {
  if (!/\.(js|css|svg)$/.test(name)) continue;
  const contents = readFileSync(join(outdir, name));
  writeFileSync(join(outdir, `${name}.gz`), gzipSync(contents, { level: 9 }));
  writeFileSync(join(outdir, `${name}.br`), brotliCompressSync(contents));
  if (!name.endsWith(".svg")) console.log(`${name} ${(contents.length / 1024).toFixed(0)} KB, ${(brotliCompressSync(contents).length / 1024).toFixed(1)} KB brotli`);
}
// Moved into place at the end, so that a running server never sees half a build.
mkdirSync(dirname(final), { recursive: true });
rmSync(final, { recursive: true, force: true });
renameSync(outdir, final);
console.log(`${Object.keys(icons).length} icons`);
