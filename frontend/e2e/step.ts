// What the smaller browser tests share: their parts, and an installation of their own.
import { embedded, type Installation } from './installation'

/** Runs a part of a test and says how it went. */
export async function step<T>(name: string, work: () => Promise<T>): Promise<T> {
  const began = Date.now()
  try {
    const result = await work()
    console.log(`ok   ${name} (${Date.now() - began} ms)`)
    return result
  } catch (error) {
    console.log(`FAIL ${name}`)
    throw error
  }
}

/** Runs a test in an installation of its own, which ends however the test ends. */
export async function inEmbedded(test: (i: Installation) => Promise<void>): Promise<void> {
  const installation = await embedded()
  try {
    await test(installation)
  } finally {
    await installation.stop()
  }
}
