import type { Texts } from './texts'

/** The words of every feature; texts.ts has those of the first pages at hand. */
export const officeTexts = import.meta.glob<Texts>('../features/*/locales/*.json')
