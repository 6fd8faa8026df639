// @vitest-environment node
import { expect, it } from 'vitest'
import { sources } from './sources'

// A page that is shown already asks again in the background, when its window is looked at for example. When that fails, because the network went or the server
// is started anew, what is shown must stay: a form in it would go with what was typed. Only the first answer that fails (isLoadingError) takes the page's place.
it('no page goes away because asking again failed', () => {
  const files = sources(/\.tsx$/)
  expect(files.length).toBeGreaterThan(50)
  const faults = files.flatMap(({ path, text }) =>
    [...text.matchAll(/if \(\w+\.isError\)\s*return\b.*/g)].map((found) => `${path}: ${found[0]}`),
  )
  expect(faults).toEqual([])
})
