import { createPinia } from 'pinia'
import { createApp } from 'vue'
import App from './App.vue'
import { i18n, lang, setLang } from './i18n'
import { takeClicksOnce } from './parts/once'
import { router } from './router'
import './style/tokens.css'
import './style/base.css'

setLang(lang())
takeClicksOnce(document)
createApp(App).use(createPinia()).use(router).use(i18n).mount('#app')
