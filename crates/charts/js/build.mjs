// Bundles ECharts: node build.mjs --out FILE
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { brotliCompressSync } from 'node:zlib';
import { build } from 'esbuild';
import { patch, patchedFiles } from './patches.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const modules = resolve(here, 'node_modules');

/** What a strict Content-Security-Policy refuses: code made of strings, inline styles. */
const FORBIDDEN = [/\bnew Function\b/, /\beval\(/, /\.setAttribute\("style"/, /createElement\("style"\)/];

/** Applies patches.mjs while bundling, and fails when a file that it names was not part of the bundle. */
const patches = {
  name: 'patches',
  setup(bundler) {
    const left = new Set(patchedFiles);
    bundler.onLoad({ filter: /node_modules.(echarts|zrender).lib.*\.js$/ }, async ({ path }) => {
      const file = path.slice(modules.length + 1).replaceAll(sep, '/');
      if (!patchedFiles.includes(file)) {
        return undefined;
      }
      left.delete(file);
      return { contents: patch(file, await readFile(path, 'utf8')), loader: 'js' };
    });
    bundler.onEnd(() => ({
      errors: [...left].map((file) => ({ text: `patches.mjs names ${file}, which is not part of the bundle` })),
    }));
  },
};

async function bundle() {
  const { version } = createRequire(import.meta.url)('echarts/package.json');
  const result = await build({
    absWorkingDir: here,
    entryPoints: ['echarts.js'],
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    target: 'es2020',
    legalComments: 'none',
    banner: { js: `//# allFunctionsCalledOnLoad\n/*! Apache ECharts ${version}: parts of it, patched by Tidemark. Apache-2.0; zrender in it: BSD-3-Clause. */` },
    define: { 'process.env.NODE_ENV': '"production"' },
    plugins: [patches],
  });
  const script = result.outputFiles[0].text;
  for (const forbidden of FORBIDDEN) {
    if (forbidden.test(script)) {
      throw new Error(`the bundle holds ${forbidden}, which the Content-Security-Policy refuses`);
    }
  }
  return script;
}

const { values } = parseArgs({ options: { out: { type: 'string' } } });
if (!values.out) {
  console.error('usage: node build.mjs --out FILE');
  process.exit(2);
}
const script = await bundle();
await mkdir(dirname(resolve(values.out)), { recursive: true });
await writeFile(values.out, script);
const kilobytes = (size) => `${(size / 1000).toFixed(1)} kB`;
console.log(`${values.out}: ${kilobytes(Buffer.byteLength(script))}, ${kilobytes(brotliCompressSync(script).length)} brotli`);
