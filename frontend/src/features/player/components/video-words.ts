import { addTranslation } from 'media-chrome/utils/i18n'
import japanese from './video-words.ja.json'

// The words of the video's controls in Japanese; the element brings the English ones.
addTranslation('ja', japanese)
