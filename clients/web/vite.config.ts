import react from '@vitejs/plugin-react';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

// `npm run dev` asks a running system for everything but the pages: LEADCRM_GATEWAY names it.
const gateway = process.env.LEADCRM_GATEWAY ?? 'http://127.0.0.1:5400';

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  build: {
    target: 'es2023',
    assetsInlineLimit: 0,   // the content security policy allows no data: scripts or fonts
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    manifest: 'manifest.json',
  },
  server: { proxy: Object.fromEntries(['/api', '/forms', '/openapi', '/reference'].map((path) => [path, { target: gateway, changeOrigin: true }])) },
});
