import { Resvg } from '@resvg/resvg-js'
import vue from '@vitejs/plugin-vue'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Plugin } from 'vite'
import { VitePWA } from 'vite-plugin-pwa'
import { defineConfig } from 'vitest/config'

/** The files that PDF.js asks for when it needs them: character maps for Chinese text whose font is not in the file,
 * and a decoder of JPEG 2000, which scanners use, without WebAssembly, which the policy forbids. */
function pdfNeeds(): Plugin {
  const folder = fileURLToPath(new URL('./node_modules/pdfjs-dist/', import.meta.url))
  const needed = /^cmaps\/.*\.bcmap$|^wasm\/(openjpeg_nowasm_fallback\.js|LICENSE_(PDFJS_)?OPENJPEG)$/
  return {
    name: 'pdf-needs',
    generateBundle() {
      for (const part of ['cmaps', 'wasm'])
        for (const name of readdirSync(folder + part).map((each) => `${part}/${each}`))
          if (needed.test(name)) this.emitFile({ type: 'asset', fileName: `pdf/${name}`, source: readFileSync(folder + name) })
    },
  }
}

/** The icon as pictures of these many pixels, for tablets that put no SVG on their home screen. */
const PICTURES = { 'icon-192.png': 192, 'icon-512.png': 512, 'apple-touch-icon.png': 180 }
function iconPictures(): Plugin {
  const drawn = readFileSync(fileURLToPath(new URL('./public/icon-maskable.svg', import.meta.url)))
  return {
    name: 'icon-pictures',
    generateBundle() {
      for (const [fileName, value] of Object.entries(PICTURES)) {
        const source = new Resvg(drawn, { fitTo: { mode: 'width', value } }).render().asPng()
        this.emitFile({ type: 'asset', fileName, source })
      }
    },
  }
}

/** Returns where a chunk goes: those that only the desk needs, and those that read PDF, stand apart. */
function place(chunk: { moduleIds: string[] }): string {
  const apart = chunk.moduleIds.some((id) => /\/src\/desk\/|\/(element-plus|pdfjs-dist)\//.test(id))
  return apart ? 'assets/apart/[name]-[hash].js' : 'assets/[name]-[hash].js'
}

// Both functions go into the service worker as text, so they may use no other name of this file.

const opening = ({ request, url }: { request: Request; url: URL }): boolean =>
  request.mode === 'navigate' && !/^\/(api|demo)\//.test(url.pathname)

/** Returns the server's present page (an old one asks for files that are gone) or, without an answer, the kept one. */
const theServersPage = ({ request }: { request: Request }): Promise<Response> =>
  new Promise<Response>((resolve, reject) => {
    setTimeout(reject, 2_000)
    fetch(request).then((reply) => (reply.status < 500 ? resolve(reply) : reject()), reject)
  }).catch(async () => (await caches.match('/index.html', { ignoreSearch: true })) ?? Response.error())

// The server serves the build under a strict Content-Security-Policy: no inline script, no eval.
export default defineConfig({
  plugins: [
    vue({ features: { optionsAPI: false } }),
    pdfNeeds(),
    iconPictures(),
    VitePWA({
      registerType: 'autoUpdate', // a page that is open goes on as it is
      injectRegister: 'script',
      manifest: {
        name: '议决',
        short_name: '议决',
        description: '依规则集体决策，过程可查可证',
        lang: 'zh-CN',
        start_url: '/',
        display: 'standalone',
        background_color: '#f7f5f0',
        theme_color: '#1d3d5c',
        icons: [
          { src: '/icon.svg', sizes: 'any', type: 'image/svg+xml', purpose: 'any' },
          { src: '/icon-maskable.svg', sizes: 'any', type: 'image/svg+xml', purpose: 'maskable' },
          { src: '/icon-192.png', sizes: '192x192', type: 'image/png' },
          { src: '/icon-512.png', sizes: '512x512', type: 'image/png' },
        ],
      },
      workbox: {
        skipWaiting: true,
        clientsClaim: true,
        // These let a tablet start again without a connection; it does not need what `place` sets apart.
        globPatterns: ['index.html', 'assets/*.{js,css}', '*.svg'],
        navigateFallback: null,
        runtimeCaching: [{ urlPattern: opening, handler: theServersPage }],
      },
    }),
  ],
  // What the pages do not use of these libraries is left out: Vue's and vue-i18n's older interfaces, devtools.
  define: { __VUE_I18N_FULL_INSTALL__: false, __VUE_I18N_LEGACY_API__: false, __INTLIFY_PROD_DEVTOOLS__: false },
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  build: {
    outDir: '../server/static',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    manifest: true,
    rolldownOptions: { output: { chunkFileNames: place } },
  },
  // A worker, not a file, has one jsdom and one set of modules: a file puts back what it changed in either.
  test: { environment: 'jsdom', isolate: false, include: ['src/**/*.test.ts'] },
})
