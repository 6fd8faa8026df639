import { IconBook } from '@tabler/icons-react'
import type { Link } from '@/lib/assets'
import classes from './Cards.module.css'

/** The picture of a course on its card; a plain one when it has none. It says nothing that the words do not, so readers pass over it. */
export function Cover({ link }: { link: Link | undefined }) {
  if (!link)
    return (
      <div className={classes.cover}>
        <IconBook size={40} stroke={1.2} aria-hidden />
      </div>
    )
  return (
    <img
      className={classes.cover}
      src={link.url}
      srcSet={[...link.sizes, link].map((one) => `${one.url} ${one.width}w`).join(', ')}
      sizes="20rem"
      alt=""
      loading="lazy"
    />
  )
}
