import { createPinia } from 'pinia'
import { createApp } from 'vue'
import App from './App.vue'
import { i18n, lang, setLang } from './i18n'
import { takeClicksOnce } from './parts/once'
import { router } from './router'
import './style/tokens.css'
import './style/base.css'

// A page that was open while the server was upgraded asks for parts that are gone: it is reloaded with the new ones.
// If the server is away, the page waits for the part (parts/lazy.ts).
window.addEventListener('vite:preloadError', () => {
  if (performance.now() < 5_000) return // the page has only just started: a reload would not help
  fetch('/api/session').then(
    (reply) => reply.status < 500 && location.reload(),
    () => {},
  )
})

setLang(lang())
takeClicksOnce(document)
createApp(App).use(createPinia()).use(router).use(i18n).mount('#app')
