import { En } from 'media-chrome/lang/en'
import { addTranslation } from 'media-chrome/utils/i18n'
import japanese from './video-words.ja.json'

// The words of the video's controls. The name of the speed button holds what is written on it (WCAG 2.5.3).
addTranslation('ja', japanese)
const english: Record<keyof typeof En, string> = {
  ...En,
  'Playback rate {playbackRate}': 'Playback rate {playbackRate}x',
}
addTranslation('en', english as typeof En)
