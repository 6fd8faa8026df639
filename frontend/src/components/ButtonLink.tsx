import { Anchor, type AnchorProps, Button, type ButtonProps } from '@mantine/core'
import { createLink } from '@tanstack/react-router'
import type { AnchorHTMLAttributes, Ref } from 'react'

type Native<Props> = Props &
  Omit<AnchorHTMLAttributes<HTMLAnchorElement>, keyof Props> & { ref?: Ref<HTMLAnchorElement> }

function PlainButton(props: Native<ButtonProps>) {
  return <Button component="a" {...props} />
}

function PlainAnchor(props: Native<AnchorProps>) {
  return <Anchor {...props} />
}

/** A link to a page of ours that looks like a button; takes the router's `to` and `params` with their types. */
export const ButtonLink = createLink(PlainButton)

/** A link to a page of ours in running text. */
export const TextLink = createLink(PlainAnchor)
