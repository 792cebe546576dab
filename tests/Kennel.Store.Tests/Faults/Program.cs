using System.Text;
using Kennel.Store.Sqlite;

namespace Kennel.Store.Tests.Faults;

/// <summary>A process that writes until it is killed, and says what was acknowledged.</summary>
internal static class Program
{
    private const int Writers = 8, KeysEach = 50;

    /// <summary>Makes values as long as objects are.</summary>
    public static readonly string Filling = new('.', 500);

    /// <summary>What runs an assembly.</summary>
    public static string Host => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    public static async Task Main(string[] args)
    {
        if (args is not ["write", var directory]) return;
        await using var store = SqliteStore.Open(directory, TimeProvider.System, Console.Error.WriteLine);
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Write(store, writer)));
    }

    private static async Task Write(IStore store, int writer)
    {
        for (var i = 0; ; i++)
        {
            var key = $"w{writer}/k{i % KeysEach}";
            var expected = (await store.Get(key))?.Modified ?? 0;
            var value = Encoding.UTF8.GetBytes($"{key}={Filling}");
            var outcome = await store.Write(new Write(key, expected, value, key.Length + 1));
            lock (Console.Out) Console.Out.WriteLine($"{key} {outcome.Revision}.");
            Console.Out.Flush();
        }
    }
}
