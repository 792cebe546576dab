using System.Text;
using Kennel.Store.Sqlite;

namespace Kennel.Store.Tests.Faults;

/// <summary>Commits that fail: nothing half-written, nothing told too early.</summary>
public sealed class CommitTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TemporaryDirectory _directory = new();

    public CommitTests() => Library.Load(_ => { });

    private string File => Path.Combine(_directory.Path, "store.db");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_failed_commit_changes_nothing_and_the_next_one_goes_on()
    {
        var journal = new FaultyJournal(new SqliteJournal(File));
        await using var store = SqliteStore.Open(journal, new ManualTime());
        await store.Write(Put("a", 0, "1"));
        journal.Fails = _ => true;
        var refused = await Should.ThrowAsync<StoreUnavailableException>(async () => await store.Write(Put("a", 2, "2")));
        refused.Message.ShouldContain("the disk is bad");
        store.Revision.ShouldBe(2);
        (await Values(store)).ShouldBe("a=1@2");
        journal.Fails = _ => false;
        (await store.Write(Put("a", 2, "3"))).Revision.ShouldBe(3);
        var changes = await First(store.Watch("a", 1));
        changes.Changes.Select(change => change.Entry.Modified).ShouldBe([2, 3]);
    }

    [Fact]
    public async Task Neither_readers_nor_watchers_see_a_write_before_it_is_durable()
    {
        using var reached = new SemaphoreSlim(0);
        using var go = new SemaphoreSlim(0);
        var journal = new FaultyJournal(new SqliteJournal(File))
        {
            Committed = _ =>
            {
                reached.Release();
                go.Wait(Patience);
            },
        };
        await using var store = SqliteStore.Open(journal, new ManualTime());
        var watched = First(store.Watch("a", 1));
        var written = store.Write(Put("a", 0, "1")).AsTask();
        (await reached.WaitAsync(Patience)).ShouldBeTrue();
        store.Revision.ShouldBe(1);
        (await store.Get("a")).ShouldBeNull();
        watched.IsCompleted.ShouldBeFalse();
        written.IsCompleted.ShouldBeFalse();
        go.Release();
        (await written.WaitAsync(Patience)).Revision.ShouldBe(2);
        (await watched.WaitAsync(Patience)).Revision.ShouldBe(2);
    }

    [Fact]
    public async Task A_refusal_that_was_judged_against_a_failed_write_fails_with_it()
    {
        using var reached = new SemaphoreSlim(0);
        using var go = new SemaphoreSlim(0);
        var journal = new FaultyJournal(new SqliteJournal(File))
        {
            Fails = commit =>
            {
                if (commit != 1) return commit == 2;
                reached.Release();
                go.Wait(Patience);
                return false;
            },
        };
        await using var store = SqliteStore.Open(journal, new ManualTime());
        var first = store.Write(Put("other", 0, "1")).AsTask();
        (await reached.WaitAsync(Patience)).ShouldBeTrue();
        var winner = store.Write(Put("a", 0, "1")).AsTask(); // these two are one batch: the commit before them is under way
        var loser = store.Write(Put("a", 0, "2")).AsTask();
        go.Release();
        (await first.WaitAsync(Patience)).Succeeded.ShouldBeTrue();
        await Should.ThrowAsync<StoreUnavailableException>(winner.WaitAsync(Patience));
        await Should.ThrowAsync<StoreUnavailableException>(loser.WaitAsync(Patience));
        (await store.Write(Put("a", 0, "2"))).Succeeded.ShouldBeTrue();
    }

    [Fact]
    public async Task Many_writes_to_one_key_fit_into_one_commit()
    {
        using var reached = new SemaphoreSlim(0);
        using var go = new SemaphoreSlim(0);
        var sizes = new List<int>();
        var journal = new FaultyJournal(new SqliteJournal(File))
        {
            Committed = batch =>
            {
                sizes.Add(batch.Changes.Count);
                if (sizes.Count > 1) return;
                reached.Release();
                go.Wait(Patience);
            },
        };
        await using var store = SqliteStore.Open(journal, new ManualTime());
        var writes = new List<Task<WriteOutcome>> { store.Write(Put("other", 0, "")).AsTask() };
        (await reached.WaitAsync(Patience)).ShouldBeTrue();
        for (var i = 0; i < 50; i++) writes.Add(store.Write(Put("a", i == 0 ? 0 : i + 2, $"{i}")).AsTask());
        go.Release();
        (await Task.WhenAll(writes).WaitAsync(Patience)).ShouldAllBe(outcome => outcome.Succeeded);
        sizes.ShouldBe([1, 50]);
        (await First(store.Watch("a", 1))).Changes.Count.ShouldBe(50);
    }

    [Fact]
    public async Task On_a_full_disk_the_message_says_what_to_do_and_writes_go_on_when_there_is_room()
    {
        var journal = new SqliteJournal(File);
        await using var store = SqliteStore.Open(journal, new ManualTime());
        await store.Write(Put("a", 0, "1"));
        var pages = journal.Connection!.Run("PRAGMA page_count");
        journal.Connection!.Run($"PRAGMA max_page_count = {pages + 2}");
        var big = new string('x', 100_000);
        var refused = await Should.ThrowAsync<StoreUnavailableException>(async () => await store.Write(Put("b", 0, big)));
        refused.Message.ShouldBe($"the disk that holds {File} is full: nothing of this write was kept; free some space there, and writes go on by themselves");
        (await Values(store)).ShouldBe("a=1@2");
        journal.Connection!.Run("PRAGMA max_page_count = 100000");
        (await store.Write(Put("b", 0, big))).Revision.ShouldBe(3);
    }

    [Fact]
    public void A_refused_commit_that_reached_the_disk_after_all_is_taken_back()
    {
        using var journal = new SqliteJournal(File);
        journal.Load();
        journal.Commit(new([Created("a", "1", 2)], [], 1));
        journal.Connection!.Run("INSERT INTO changes (revision, created, deleted, key, value) VALUES (3, 3, 0, 'ghost', x'')");
        journal.Distrust();
        journal.Commit(new([Created("b", "2", 3)], [], 1));
        journal.Load().Rows.Select(row => row.Entry.Key).ShouldBe(["a", "b"]);
    }

    private static Write Put(string key, long expected, string value) => new(key, expected, Encoding.UTF8.GetBytes(value));

    private static Change Created(string key, string value, long revision) =>
        new(ChangeKind.Created, new Entry(key, Encoding.UTF8.GetBytes(value), revision, revision), null);

    private static async Task<string> Values(IStore store) =>
        string.Join(' ', (await store.Range(new RangeQuery(""))).Entries.Select(entry => $"{entry.Key}={Encoding.UTF8.GetString(entry.Value.Span)}@{entry.Modified}"));

    private static async Task<Batch> First(IAsyncEnumerable<Batch> watch)
    {
        await foreach (var batch in watch) return batch;
        throw new InvalidOperationException("the watch ended");
    }
}
