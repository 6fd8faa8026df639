package api

import (
	"kenshu/fault"
	"kenshu/storage/db"
)

// readID reads an id from a path; what is no id exists nowhere.
func readID(s string) (db.ID, error) {
	id, err := db.ParseID(s)
	if err != nil || id.IsZero() {
		return db.ID{}, fault.Wrap(err, fault.NotFound, "not_found")
	}
	return id, nil
}

// readIDs reads a list of ids, each once.
func readIDs(texts []string) ([]db.ID, error) {
	ids, seen := make([]db.ID, 0, len(texts)), make(map[db.ID]bool, len(texts))
	for _, s := range texts {
		id, err := readID(s)
		if err != nil {
			return nil, err
		}
		if !seen[id] {
			ids, seen[id] = append(ids, id), true
		}
	}
	return ids, nil
}
