/** What the log can be narrowed to: all actions on one kind of thing. */
export const resources = [
  'session',
  'credential',
  'factor',
  'security',
  'person',
  'person_field',
  'department',
  'course',
  'question',
  'round',
  'enrolment',
  'certificate',
  'training_record',
  'record_link',
  'report',
  'saved_view',
  'reminder',
  'mail',
  'asset',
  'organisation',
  'incident',
  'handover',
  'identity',
  'api_token',
] as const

export type Resource = (typeof resources)[number]
