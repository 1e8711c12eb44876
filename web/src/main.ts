import { createPinia } from 'pinia'
import { createApp } from 'vue'
import App from './App.vue'
import { i18n, lang, setLang } from './i18n'
import { takeClicksOnce } from './parts/once'
import { router } from './router'
import './style/tokens.css'
import './style/base.css'

// A page that was open as the server was renewed asks for parts that are there no longer: it starts anew, on the new ones.
// Where it is the server that is away, the part is waited for (parts/lazy.ts).
window.addEventListener('vite:preloadError', () => {
  if (performance.now() < 5_000) return // it has only just started: that would not help
  fetch('/api/session').then(
    (reply) => reply.status < 500 && location.reload(),
    () => {},
  )
})

setLang(lang())
takeClicksOnce(document)
createApp(App).use(createPinia()).use(router).use(i18n).mount('#app')
