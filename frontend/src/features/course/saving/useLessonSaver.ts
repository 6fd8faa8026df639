import { useEffect, useState, useSyncExternalStore } from 'react'
import { useSession } from '@/lib/session'
import { type Lesson, saveLesson } from '../api/lessons'
import { draftsOf } from './drafts'
import { LessonSaver, type Snapshot } from './lesson-saver'

/** The saver of the lesson that is open; saves when the window is left or the network comes back. */
export function useLessonSaver(lesson: Lesson): [LessonSaver, Snapshot] {
  const { person } = useSession()
  const [saver] = useState(() => new LessonSaver(lesson, draftsOf(person.id), saveLesson))
  useEffect(() => {
    void saver.recover()
    const flush = () => void saver.flush()
    window.addEventListener('blur', flush)
    window.addEventListener('online', flush)
    window.addEventListener('pagehide', flush)
    return () => {
      window.removeEventListener('blur', flush)
      window.removeEventListener('online', flush)
      window.removeEventListener('pagehide', flush)
      void saver.flush()
    }
  }, [saver])
  return [saver, useSyncExternalStore(saver.subscribe, saver.get)]
}
