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

export default defineConfig(({ mode }) => ({
  plugins: mode === 'fake' ? [react(), fakeServer] : [react()],
  build: {
    target: 'es2022',
    sourcemap: false,
    // Inlined files would be data: addresses, which the page's content security policy allows for images only.
    assetsInlineLimit: 0,
    // scripts/finish_build.mjs holds the first load under its limit, compressed.
    chunkSizeWarningLimit: 800,
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
