import {
  IconBadgeCc,
  IconFileTypePdf,
  IconMovie,
  IconMusic,
  IconPackage,
  IconPhoto,
  IconSchool,
} from '@tabler/icons-react'
import type { MediaFile } from '../api/media'
import classes from './Media.module.css'

const icons = {
  image: IconPhoto,
  video: IconMovie,
  audio: IconMusic,
  captions: IconBadgeCc,
  pdf: IconFileTypePdf,
  package: IconPackage,
  moodle: IconSchool,
}

/** The name of a file beside a sign of what it is. */
export function FileName({ file }: { file: MediaFile }) {
  const Icon = icons[file.kind]
  return (
    <span className={classes.name}>
      <span className={classes.thumb}>
        {file.thumb ? (
          <img src={file.thumb} alt="" loading="lazy" />
        ) : (
          <Icon size={22} stroke={1.5} aria-hidden />
        )}
      </span>
      <span className={classes.text}>{file.file_name}</span>
    </span>
  )
}
