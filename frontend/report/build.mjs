// Builds the report page's one script and one stylesheet. Run by `npm run build` and by hatch_build.py.
import { readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, "../..");
const outdir = join(root, "src/huiyin/report/assets/build");

await build({
  absWorkingDir: root,
  entryPoints: { report: join(here, "main.ts") },
  outdir,
  bundle: true,
  minify: true,
  format: "iife",
  target: ["chrome109", "firefox115", "safari16"],
  charset: "utf8",
  legalComments: "inline",
  loader: { ".woff2": "dataurl" },
  define: { "process.env.NODE_ENV": '"production"' },
  logLevel: "warning",
});

for (const name of ["report.js", "report.css"]) {
  const file = join(outdir, name);
  const text = readFileSync(file, "utf8");
  // The file is inlined into HTML, where these would end the element early.
  for (const bad of ["</script", "</style", "<!--"]) {
    if (text.toLowerCase().includes(bad)) throw new Error(`${name} contains ${bad} and cannot be inlined`);
  }
  console.log(`${name} ${(statSync(file).size / 1024).toFixed(0)} KB`);
}
