import react from '@vitejs/plugin-react';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

// Where `npm run dev` sends the calls: a server that runs already.
const server = process.env.SERVER ?? 'http://127.0.0.1:8080';

/** In the mode `fake` the page begins with a fake server instead of main.tsx. */
const fakeServer: Plugin = {
  name: 'fake-server',
  transformIndexHtml: {
    order: 'pre',
    handler: (html) => html.replace('/src/main.tsx', '/src/testing/demo/main.tsx'),
  },
};

/** The page speaks binary alone: what reads and writes messages as JSON would be 7 kB that nobody runs. */
const withoutJson: Plugin = {
  name: 'without-json',
  apply: 'build',
  transform: (code, id) => {
    if (!/@bufbuild\/protobuf\/dist\/esm\/(to|from)-json\.js$/.test(id)) return null;
    const names = [...code.matchAll(/^export function (\w+)/gm)].map(([, name]) => name);
    return names.map((name) => `export function ${name}() { throw new Error('JSON is left out'); }`).join('\n');
  },
};

// What every view needs, whatever it shows: one file, which changes when these do.
const PLATFORM =
  /node_modules\/(react|react-dom|scheduler|react-router|i18next|react-i18next|@tanstack\/(query-core|react-query)|@bufbuild|@connectrpc)\//;

export default defineConfig(({ mode }) => ({
  plugins: [react(), withoutJson, mode === 'fake' && fakeServer],
  build: {
    target: 'es2022',
    sourcemap: false,
    // Inlined files would be data: addresses, which the page's content security policy allows for images only.
    assetsInlineLimit: 0,
    // scripts/finish_build.mjs holds the first load under its limit, compressed.
    chunkSizeWarningLimit: 800,
    // What each view loads, for that script.
    manifest: true,
    minify: 'terser',
    terserOptions: { module: true, ecma: 2020, compress: { passes: 2 } },
    // A view asks for a few files, not for dozens: together they also compress better.
    rollupOptions: {
      output: { experimentalMinChunkSize: 20_000, manualChunks: (id) => (PLATFORM.test(id) ? 'platform' : undefined) },
    },
  },
  server: {
    proxy: { '^/(satudata|grpc)\\.': { target: server, changeOrigin: true } },
  },
  test: {
    globals: true,
    environment: 'jsdom',
    setupFiles: ['src/testing/setup.ts'],
    restoreMocks: true,
    testTimeout: 30_000,
    css: false,
  },
}));
