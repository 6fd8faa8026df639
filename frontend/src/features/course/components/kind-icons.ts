import {
  IconFileText,
  IconFileTypePdf,
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
  pdf: IconFileTypePdf,
  quiz: IconListCheck,
  package: IconPackage,
  survey: IconMessageQuestion,
  pledge: IconSignature,
}
