// Package lms holds courses being taken: rounds, assignments, enrolments, progress, quiz attempts, certificates, reports and training records.
//
// A round runs one published course version for a set of people with a deadline. Assignment rules say who; each person they reach gets one
// enrolment. What was done is evidence: nothing here lowers a status, removes an attempt or forgets a person who took part.
package lms
