package db

import (
	"context"
	"fmt"
	"path/filepath"

	"kenshu/storage/disk"
)

// sqlServerSize asks what the server remembers of its tables; it does not look at them.
const sqlServerSize = `SELECT CAST(COALESCE(SUM(data_length + index_length), 0) AS SIGNED) FROM information_schema.tables WHERE table_schema = DATABASE()`

// Size tells how many bytes the database takes. Of SQLite it is the file; MySQL and MariaDB estimate their tables and indexes.
func (d *DB) Size(ctx context.Context) (int64, error) {
	var size int64
	if d.engine == MySQL {
		if err := One(d.QueryRow(ctx, sqlServerSize).Scan(&size)); err != nil {
			return 0, fmt.Errorf("size of the database: %w", err)
		}
		return size, nil
	}
	var pages int64
	if err := One(d.QueryRow(ctx, "PRAGMA page_count").Scan(&pages)); err != nil {
		return 0, fmt.Errorf("size of the database: %w", err)
	}
	if err := One(d.QueryRow(ctx, "PRAGMA page_size").Scan(&size)); err != nil {
		return 0, fmt.Errorf("size of the database: %w", err)
	}
	return pages * size, nil
}

// Room tells what the disk of the SQLite file holds; that of a server is not known.
func (d *DB) Room() (disk.Room, error) {
	if d.engine == MySQL {
		return disk.Room{}, nil
	}
	return disk.RoomAt(filepath.Dir(d.path))
}
