import i18next, { type BackendModule } from 'i18next'
import { initReactI18next } from 'react-i18next'
import { formatBytes, formatDate, formatNumber } from '@/lib/format'
import { languages, preferredLanguage, rememberLanguage } from '@/lib/language'

/** A file of words. */
export type Texts = { default: Record<string, unknown> }

/**
 * Every feature brings its own words (`src/features/<name>/locales/<language>.json`, namespace = feature name), fetched
 * when its pages are, so that a learner does not load a manager's words. Shared words are the namespace `common`; the
 * server's refusals that nobody meets while logging in are the namespace `error`, fetched once the first page is there.
 */
const files = import.meta.glob<Texts>([
  '../locales/*.json',
  '../locales/error/*.json',
  '../features/{auth,home,player,certificate}/locales/*.json',
])

/** Where a file of texts is; of the features that learners do not meet first the list itself is fetched. */
async function find(file: string) {
  return files[file] ?? (await import('./office-texts')).officeTexts[file]
}

function fileOf(language: string, namespace: string): string {
  if (namespace === 'common') return `../locales/${language}.json`
  return namespace === 'error'
    ? `../locales/error/${language}.json`
    : `../features/${namespace}/locales/${language}.json`
}

const backend: BackendModule = {
  type: 'backend',
  init: () => undefined,
  read(language, namespace, done) {
    find(fileOf(language, namespace))
      .then((load) => {
        if (!load) throw new Error(`no texts for ${namespace} in ${language}`)
        return load()
      })
      .then(
        (texts) => done(null, texts.default),
        (error: Error) => done(error, null),
      )
  },
}

function markDocument(language: string) {
  document.documentElement.lang = language
}

/** Loads the shared words in the person's language; the page is drawn after this. */
export async function startTexts(): Promise<void> {
  i18next.on('languageChanged', (language) => {
    markDocument(language)
    if (language === 'ja' || language === 'en') rememberLanguage(language)
  })
  const language = preferredLanguage()
  markDocument(language)
  await i18next
    .use(backend)
    .use(initReactI18next)
    .init({
      lng: language,
      supportedLngs: languages,
      fallbackLng: false,
      load: 'currentOnly',
      ns: ['common'],
      defaultNS: 'common',
      interpolation: { escapeValue: false }, // React escapes
      react: { useSuspense: true, bindI18nStore: 'added' }, // `error` arrives after the page that may ask for it
      returnNull: false,
    })
  // For values inside sentences: {{max, bytes}}, {{day, date}}, {{people, figure}}.
  i18next.services.formatter?.add('bytes', (value) => formatBytes(Number(value)))
  i18next.services.formatter?.add('date', (value) => formatDate(String(value)))
  i18next.services.formatter?.add('figure', (value) => formatNumber(Number(value)))
}

/** Fetches a feature's words beside its code, so that neither waits for the other. */
export function loadTexts(...features: string[]): Promise<void> {
  return i18next.loadNamespaces(features)
}
