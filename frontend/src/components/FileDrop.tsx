import { IconFileUpload } from '@tabler/icons-react'
import { useId, useRef, useState } from 'react'
import classes from './FileDrop.module.css'

interface FileDropProps {
  label: string
  /** Which files and how large. */
  help: string
  /** As of the `accept` attribute; a hint for the file dialog only, the server looks at the bytes. */
  accept?: string
  multiple?: boolean
  disabled?: boolean
  error?: string
  onFiles: (files: File[]) => void
}

/** A field for files: press to choose, or drop. A real file input, so that every keyboard and reader knows it. */
export function FileDrop({ label, help, accept, multiple, disabled, error, onFiles }: FileDropProps) {
  const id = useId()
  const input = useRef<HTMLInputElement>(null)
  const [over, setOver] = useState(false)
  const give = (list: FileList | null) => {
    const files = Array.from(list ?? [])
    if (files.length > 0 && !disabled) onFiles(multiple ? files : files.slice(0, 1))
    if (input.current) input.current.value = '' // choosing the same file again must be noticed
  }
  return (
    <div>
      <label
        className={classes.drop}
        data-over={over || undefined}
        data-disabled={disabled || undefined}
        onDragOver={(event) => {
          event.preventDefault()
          setOver(true)
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault()
          setOver(false)
          give(event.dataTransfer.files)
        }}
      >
        <IconFileUpload size={28} stroke={1.5} aria-hidden />
        <span className={classes.label}>{label}</span>
        <span id={`${id}-help`} className={classes.help}>
          {help}
        </span>
        <input
          ref={input}
          type="file"
          className={classes.input}
          accept={accept}
          multiple={multiple}
          disabled={disabled}
          aria-describedby={`${id}-help ${id}-error`}
          aria-invalid={error ? true : undefined}
          onChange={(event) => give(event.currentTarget.files)}
        />
      </label>
      <p id={`${id}-error`} className={classes.error} role="alert">
        {error}
      </p>
    </div>
  )
}
