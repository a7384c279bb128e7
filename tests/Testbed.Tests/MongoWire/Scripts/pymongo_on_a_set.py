"""Debian's pymongo on an embedded set: discovery, login, writes through a step-down, reads, cursors, catalogue.

Arguments: connection string, path of the CA certificate. Prints `ok` when everything was as it should be.
"""
import sys
import threading

import pymongo
from pymongo.errors import PyMongoError

uri, ca = sys.argv[1:]
client = pymongo.MongoClient(uri, tls=True, tlsCAFile=ca, serverSelectionTimeoutMS=20000)
shop = client.get_database("shop", write_concern=pymongo.WriteConcern("majority"))

assert client.admin.command("ping")["ok"] == 1.0
assert len(client.nodes) > 0

shop.items.insert_many([{"_id": n, "kind": "ab"[n % 2]} for n in range(300)])
assert shop.items.count_documents({"kind": "a"}) == 150
assert [d["_id"] for d in shop.items.find({"_id": {"$lt": 5}}, batch_size=2).sort("_id", -1)] == [4, 3, 2, 1, 0]
assert shop.items.update_many({"kind": "a"}, {"$set": {"n": 1}}).modified_count == 150
assert shop.items.find_one_and_update({"_id": 7}, {"$inc": {"n": 1}}, upsert=True, return_document=True)["n"] == 1
assert shop.items.create_index("kind") == "kind_1"
assert "items" in shop.list_collection_names()
try:
    shop.items.insert_one({"_id": 1})
    raise AssertionError("a duplicate key was accepted")
except pymongo.errors.DuplicateKeyError:
    pass

written = []
stop = threading.Event()


def write():
    n = 1000
    while not stop.is_set():
        try:
            shop.items.insert_one({"_id": n})
            written.append(n)
        except PyMongoError as error:
            # This old driver shows the write-concern error of a write that was waiting when the primary stepped down.
            if "11602" not in str(error) and getattr(error, "code", 0) != 11602:
                raise
        n += 1


writer = threading.Thread(target=write)


def writes_go_on():
    goal = len(written) + 20
    for _ in range(200):
        writer.join(0.1)
        assert writer.is_alive(), "the writer ended with an error"
        if len(written) >= goal:
            return
    raise AssertionError(f"only {len(written)} writes of {goal}")


writer.start()
writes_go_on()
client.admin.command("replSetStepDown", 30, secondaryCatchUpPeriodSecs=2)
writes_go_on()
stop.set()
writer.join()
stored = {d["_id"] for d in shop.items.find({"_id": {"$gte": 1000}})}
assert stored >= set(written), f"lost: {sorted(set(written) - stored)}"
client.close()
print("ok", pymongo.version)
