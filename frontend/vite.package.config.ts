import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

// The script of the frame that runs packages on the content origin: built apart from the page, of which nothing may be there.
export default defineConfig({
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  base: '/package-player/',
  publicDir: false,
  build: {
    target: 'es2022',
    outDir: 'dist/package-player',
    emptyOutDir: true,
    modulePreload: false,
    reportCompressedSize: false,
    rolldownOptions: {
      input: fileURLToPath(new URL('./src/package-player/main.ts', import.meta.url)),
      output: { entryFileNames: 'player.js', chunkFileNames: '[name]-[hash].js' },
    },
  },
})
