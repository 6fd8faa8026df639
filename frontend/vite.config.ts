import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

// The Go server answers /api during development; `npm run dev` only adds hot reload in front of it.
const server = process.env.KENSHU_PUBLIC_URL ?? 'http://localhost:8080'

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  server: { host: '127.0.0.1', proxy: { '/api': server } },
  build: {
    target: 'es2022',
    manifest: true, // scripts/size.ts and scripts/compress.ts read it
    assetsInlineLimit: 0, // the content security policy allows no data: scripts or styles
    emptyOutDir: true,
    modulePreload: { polyfill: false }, // a browser that does not know it fetches the same files a moment later
    reportCompressedSize: false,
  },
  test: {
    environment: 'happy-dom',
    include: ['src/**/*.test.{ts,tsx}'],
    setupFiles: ['src/test-setup.ts'],
    css: false,
    testTimeout: 30_000,
  },
})
