using System.Text;
using Kennel.Store.Journal;
using Kennel.Store.Sqlite;

namespace Kennel.Store.Tests.Faults;

/// <summary>The data directory and its files: whose they are, what they look like when they are damaged, how big they get.</summary>
public sealed class DataDirectoryTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public DataDirectoryTests() => Library.Load(_ => { });

    private string Data => Path.Combine(_directory.Path, "data");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_directory_is_one_stores_alone()
    {
        await using (Open(Data))
        {
            Should.Throw<StoreUnavailableException>(() => Open(Data)).Message
                .ShouldBe($"the data directory {Data} is in use by another kennel (pid {Environment.ProcessId}): stop that one, or give this one a directory of its own");
        }

        await using var next = Open(Data);
    }

    [Fact]
    public void A_file_that_is_no_store_is_refused_by_name()
    {
        Directory.CreateDirectory(Data);
        File.WriteAllText(Path.Combine(Data, SqliteStore.FileName), new string('x', 5000));
        Should.Throw<StoreUnavailableException>(() => Open(Data)).Message.ShouldContain($"{SqliteStore.FileName} is damaged");
    }

    [Fact]
    public async Task A_file_of_a_newer_kennel_is_left_alone()
    {
        await Open(Data).DisposeAsync();
        using (var connection = new Connection(Path.Combine(Data, SqliteStore.FileName))) connection.Run("PRAGMA user_version = 99");
        Should.Throw<StoreUnavailableException>(() => Open(Data)).Message.ShouldContain("newer kennel (format 99");
    }

    [Fact]
    public async Task A_gap_in_the_history_is_damage()
    {
        await using (var store = Open(Data)) await Write(store, 10);
        using (var connection = new Connection(Path.Combine(Data, SqliteStore.FileName))) connection.Run("DELETE FROM changes WHERE revision = 5");
        Should.Throw<StoreUnavailableException>(() => Open(Data)).Message.ShouldContain("revision 5 is missing");
    }

    [Fact]
    public async Task Only_the_owner_may_read_the_files()
    {
        if (OperatingSystem.IsWindows()) return;
        await using var store = Open(Data);
        await Write(store, 1);
        const UnixFileMode others = ~(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        (File.GetUnixFileMode(Data) & others).ShouldBe(UnixFileMode.None);
        foreach (var name in new[] { "store.db", "store.db-wal" }) (File.GetUnixFileMode(Path.Combine(Data, name)) & others).ShouldBe(UnixFileMode.None, name);
    }

    [Fact]
    public async Task The_file_does_not_grow_when_history_is_forgotten()
    {
        await using var store = Open(Data);
        var value = new byte[10_000];
        var at = 0L;
        long Size() => new FileInfo(Path.Combine(Data, SqliteStore.FileName)).Length;
        for (var round = 0; round < 8; round++)
        {
            for (var i = 0; i < 100; i++) at = (await store.Write(new Write("a", at, value))).Revision;
            await store.Compact(store.Revision);
        }

        Size().ShouldBeLessThan(100 * value.Length * 5);
    }

    [Fact]
    public void Space_that_is_free_for_long_is_given_back()
    {
        using var journal = new SqliteJournal(Path.Combine(_directory.Path, "store.db"));
        journal.Load();
        var value = new byte[100_000];
        for (var revision = 2L; revision < 200; revision++) journal.Commit(new([new Change(ChangeKind.Created, new Entry($"k{revision}", value, revision, revision), null)], [], 1));
        var full = journal.Connection!.Run("PRAGMA page_count");
        journal.Commit(new JournalBatch([], [.. Enumerable.Range(2, 150).Select(revision => (long)revision)], 1));
        var steps = 0;
        while (journal.Tidy()) steps++;
        journal.Connection!.Run("PRAGMA page_count").ShouldBeLessThan(full / 2);
        steps.ShouldBeGreaterThan(2);
    }

    private static IStore Open(string directory) => SqliteStore.Open(directory, new ManualTime(), _ => { });

    private static async Task Write(IStore store, int writes)
    {
        for (var i = 0; i < writes; i++) (await store.Write(new Write($"k{i}", 0, Encoding.UTF8.GetBytes($"{i}")))).Succeeded.ShouldBeTrue();
    }
}
