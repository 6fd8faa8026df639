import {
  IconFileText,
  IconFileTypePdf,
  IconHeadphones,
  IconListCheck,
  IconMessageQuestion,
  IconMovie,
  IconPackage,
  IconSignature,
} from '@tabler/icons-react'

/** The picture of each kind of lesson; the word always stands beside it. */
export const kindIcons = {
  page: IconFileText,
  video: IconMovie,
  audio: IconHeadphones,
  pdf: IconFileTypePdf,
  quiz: IconListCheck,
  package: IconPackage,
  survey: IconMessageQuestion,
  pledge: IconSignature,
}
