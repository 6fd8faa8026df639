import { cleanup, configure } from '@testing-library/react'
import { afterEach } from 'vitest'

// Long enough for a machine that does other work: what is waited for comes or does not, and how fast is no matter of a test.
configure({ asyncUtilTimeout: 10_000 })

afterEach(cleanup)
