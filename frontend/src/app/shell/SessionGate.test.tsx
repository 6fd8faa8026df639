import { act, fireEvent, render, screen, waitFor } from '@testing-library/react'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { ended } from '@/lib/api/session-end'
import type { Session } from '@/lib/session'
import { Providers, queryClient } from '../providers'
import { startTexts } from '../texts'
import { SessionGate } from './SessionGate'

const session: Session = {
  person: { id: 'p1', name: 'Keiko' },
  organisation: { id: 'o1', name: 'Hidamari', code: 'HDM', kind: 'organisation' },
  roles: ['staff'],
  permissions: ['learning:own'],
  must_change_password: false,
  handover_invited: false,
  must_enrol: false,
  mode: 'development',
  content_origin: '',
  idle_seconds: 1800,
}

interface Answer {
  status: number
  body: object
}
let now: Answer
let login: Answer

vi.hoisted(() => {
  // The client takes fetch when it is made, so the stand-in must be there before it is imported.
  globalThis.fetch = ((request: Request) =>
    (globalThis as unknown as { answer: typeof fetch }).answer(request)) as typeof fetch
})

beforeEach(async () => {
  localStorage.setItem('kenshu.language', 'en')
  await startTexts()
  queryClient.clear()
  now = { status: 200, body: session }
  login = { status: 200, body: { session, factors: [] } }
  Object.assign(globalThis, {
    answer: async (request: Request) => {
      const { status, body } = request.method === 'POST' ? login : now
      return new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } })
    },
  })
})

function show() {
  return render(
    <Providers>
      <SessionGate>
        <label>
          note <input defaultValue="" />
        </label>
      </SessionGate>
    </Providers>,
  )
}

const noSession = { status: 401, body: { status: 401, key: 'no_session' } }

async function logIn() {
  fireEvent.change(await screen.findByLabelText('Organisation code'), { target: { value: ' HDM ' } })
  fireEvent.change(screen.getByLabelText('Login ID'), { target: { value: 'a' } })
  fireEvent.change(screen.getByLabelText('Password'), { target: { value: 'b' } })
  fireEvent.click(screen.getByRole('button', { name: 'Log in' }))
}

describe('SessionGate', () => {
  it('asks to log in and then shows what was wanted', async () => {
    now = noSession
    show()
    await logIn()
    expect(await screen.findByLabelText('note')).toBeTruthy()
  })

  it('says the same for everything that was wrong, and keeps what was typed', async () => {
    now = noSession
    login = { status: 401, body: { status: 401, key: 'login_failed' } }
    show()
    await logIn()
    expect((await screen.findByRole('alert')).textContent).toContain(
      'Check the organisation code, login ID and password',
    )
    expect(screen.getByLabelText<HTMLInputElement>('Login ID').value).toBe('a')
    expect(screen.queryByLabelText('note')).toBeNull()
  })

  it('asks for an own password first', async () => {
    now = { status: 200, body: { ...session, must_change_password: true } }
    show()
    expect(await screen.findByRole('heading', { name: 'Choose your own password' })).toBeTruthy()
    expect(screen.queryByLabelText('note')).toBeNull()
  })

  it('keeps what was typed when the session ends and the same person returns', async () => {
    show()
    fireEvent.change(await screen.findByLabelText('note'), { target: { value: 'half a sentence' } })
    act(() => void ended())
    await logIn()
    await waitFor(() => expect(screen.queryByRole('heading', { name: 'Please log in again' })).toBeNull())
    expect(screen.getByLabelText<HTMLInputElement>('note').value).toBe('half a sentence')
  })

  it('keeps what was typed while something is demanded first', async () => {
    show()
    fireEvent.change(await screen.findByLabelText('note'), { target: { value: 'half a sentence' } })
    now = { status: 200, body: { ...session, must_change_password: true } }
    await act(() => queryClient.invalidateQueries({ queryKey: ['session'] }))
    expect(await screen.findByRole('heading', { name: 'Choose your own password' })).toBeTruthy()
    expect(screen.getByLabelText('note').closest('[inert]')).toBeTruthy()
    now = { status: 200, body: session }
    await act(() => queryClient.invalidateQueries({ queryKey: ['session'] }))
    await waitFor(() => expect(screen.getByLabelText('note').closest('[inert]')).toBeNull())
    expect(screen.getByLabelText<HTMLInputElement>('note').value).toBe('half a sentence')
  })

  it('leaves nothing of it to somebody else', async () => {
    show()
    fireEvent.change(await screen.findByLabelText('note'), { target: { value: 'half a sentence' } })
    login = {
      status: 200,
      body: { session: { ...session, person: { id: 'p2', name: 'Makoto' } }, factors: [] },
    }
    act(() => void ended())
    await logIn()
    await waitFor(() => expect(screen.getByLabelText<HTMLInputElement>('note').value).toBe(''))
  })

  it('warns before the session ends for want of use, and one press lets it go on', async () => {
    show()
    await screen.findByLabelText('note')
    const clock = vi.spyOn(Date, 'now').mockReturnValue(Date.now() + (1800 - 120) * 1000)
    act(() => void document.dispatchEvent(new Event('visibilitychange')))
    expect(await screen.findByRole('dialog', { name: 'You are about to be logged out' })).toBeTruthy()
    fireEvent.click(screen.getByText('Stay logged in'))
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
    act(() => void document.dispatchEvent(new Event('visibilitychange')))
    expect(screen.queryByRole('dialog')).toBeNull()
    clock.mockRestore()
  })

  it('shows the log-in over what was written when the session was already over', async () => {
    show()
    fireEvent.change(await screen.findByLabelText('note'), { target: { value: 'half a sentence' } })
    const clock = vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 2 * 1800 * 1000)
    act(() => void document.dispatchEvent(new Event('visibilitychange')))
    now = noSession
    fireEvent.click(await screen.findByText('Stay logged in'))
    expect(await screen.findByRole('heading', { name: 'Please log in again' })).toBeTruthy()
    expect(screen.getByLabelText<HTMLInputElement>('note').value).toBe('half a sentence')
    clock.mockRestore()
  })
})
