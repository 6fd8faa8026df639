-- The answers to one question, for its statistics. It takes the place of an index that did not begin with the organisation.
CREATE INDEX attempt_answer_of_question ON attempt_answer (tenant_id, question_id, attempt_id);
DROP INDEX attempt_answer_question ON attempt_answer;
-- Nothing looks for the attempts of a lesson without their enrolment.
DROP INDEX attempt_lesson ON attempt;
-- How many questions an attempt asked and how many were right, as they stood when it was handed in: what a question is compared with. 0: handed in before
-- this was counted.
ALTER TABLE attempt ADD COLUMN asked_count INT NOT NULL DEFAULT 0;
ALTER TABLE attempt ADD COLUMN right_count INT NOT NULL DEFAULT 0;
