using System.Text;
using Kennel.Store.Sealing;
using Kennel.Store.Sqlite;
using Kennel.Store.Tests.Conformance;

namespace Kennel.Store.Tests;

/// <summary>The contract holds just as well when everything is sealed.</summary>
public sealed class SealedStoreTests : StoreConformance
{
    const string Secrets = "/registry/core/secrets/";

    readonly TemporaryDirectory _directory = new();

    string KeyFile => Path.Combine(_directory.Path, "secrets.key");

    protected override ValueTask<IStore> Open(TimeProvider time) => new(SqliteStore.Open(_directory.Path, time, _ => { }, Seal.Open(KeyFile, "")));

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task Only_what_is_to_be_sealed_is_unreadable_in_the_files()
    {
        using var directory = new TemporaryDirectory();
        await using (var store = Sealed(directory))
        {
            await Put(store, Secrets + "a/s", "{\"data\":\"swordfish\"}");
            await Put(store, "/registry/core/configmaps/a/c", "{\"data\":\"haddock\"}");
            Text(await store.Get(Secrets + "a/s")).ShouldContain("swordfish");
        }
        var bytes = string.Concat(Directory.GetFiles(directory.Path, "store.db*").Select(f => Encoding.Latin1.GetString(File.ReadAllBytes(f))));
        bytes.ShouldContain("haddock");
        bytes.ShouldNotContain("swordfish");
        if (!OperatingSystem.IsWindows()) File.GetUnixFileMode(Path.Combine(directory.Path, "secrets.key")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await using var again = Sealed(directory);
        Text(await again.Get(Secrets + "a/s")).ShouldBe("{\"data\":\"swordfish\"}");
    }

    [Fact]
    public async Task What_was_written_before_is_read_and_sealed_when_it_is_written_again()
    {
        using var directory = new TemporaryDirectory();
        await using (var store = SqliteStore.Open(directory.Path, new ManualTime(), _ => { })) await Put(store, Secrets + "a/s", "{\"data\":\"plain\"}");
        await using (var store = Sealed(directory))
        {
            var entry = await store.Get(Secrets + "a/s");
            Text(entry).ShouldBe("{\"data\":\"plain\"}");
            (await store.Write(new Write(entry!.Key, entry.Modified, Encoding.UTF8.GetBytes("{\"data\":\"other\"}")))).Succeeded.ShouldBeTrue();
        }
        await using var again = Sealed(directory);
        Text(await again.Get(Secrets + "a/s")).ShouldBe("{\"data\":\"other\"}");
    }

    [Theory]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "was sealed with another key than the one in")]
    [InlineData("rubbish", "holds no key")]
    public async Task Another_key_opens_nothing_and_says_which_file_is_wrong(string key, string message)
    {
        using var directory = new TemporaryDirectory();
        await using (var store = Sealed(directory)) await Put(store, Secrets + "a/s", "{}");
        var path = Path.Combine(directory.Path, "secrets.key");
        await File.WriteAllTextAsync(path, key);
        var refused = Should.Throw<StoreUnavailableException>(() => Sealed(directory));
        refused.Message.ShouldContain(message);
        refused.Message.ShouldContain(path);
    }

    static IStore Sealed(TemporaryDirectory directory) => SqliteStore.Open(directory.Path, new ManualTime(), _ => { }, Seal.Open(Path.Combine(directory.Path, "secrets.key"), Secrets));

    static async Task Put(IStore store, string key, string value) => (await store.Write(new Write(key, 0, Encoding.UTF8.GetBytes(value)))).Succeeded.ShouldBeTrue();

    static string Text(Entry? entry) => Encoding.UTF8.GetString(entry!.Value.Span);
}
