#!/bin/sh
# Makes the bucket and a user who may use that bucket and nothing else. May run again at any time.
set -eu
export MC_CONFIG_DIR=/tmp/mc
user=kenshu bucket=kenshu
secrets=${OBJECTS_SECRETS:-/run/secrets}
root=$(cat "$secrets/objects_root")
secret=$(cat "$secrets/objects_user")
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30; do
  mc --quiet alias set store "${OBJECTS_URL:-http://objects:9000}" root "$root" >/dev/null 2>&1 && break
  sleep 1
done
mc --quiet mb --ignore-existing "store/$bucket"
cat > /tmp/policy.json <<POLICY
{"Version": "2012-10-17", "Statement": [
 {"Effect": "Allow", "Action": ["s3:ListBucket", "s3:GetBucketLocation", "s3:ListBucketMultipartUploads", "s3:ListBucketVersions"], "Resource": ["arn:aws:s3:::$bucket"]},
 {"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:DeleteObjectVersion", "s3:ListMultipartUploadParts", "s3:AbortMultipartUpload"], "Resource": ["arn:aws:s3:::$bucket/*"]}]}
POLICY
mc --quiet admin user add store "$user" "$secret"
mc --quiet admin policy create store kenshu-bucket /tmp/policy.json
mc --quiet admin policy attach store kenshu-bucket --user "$user" || mc --quiet admin policy entities store --user "$user" | grep -q kenshu-bucket
echo "bucket $bucket is ready"
