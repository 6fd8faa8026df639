import { IconFileText, IconFileTypePdf, IconListCheck, IconMovie, IconPackage } from '@tabler/icons-react'

/** The picture of each kind of lesson; the word always stands beside it. */
export const kindIcons = {
  page: IconFileText,
  video: IconMovie,
  pdf: IconFileTypePdf,
  quiz: IconListCheck,
  package: IconPackage,
}
