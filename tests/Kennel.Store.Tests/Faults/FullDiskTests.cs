using System.Diagnostics;
using Kennel.Store.Sqlite;

namespace Kennel.Store.Tests.Faults;

/// <summary>A real small disk, where we may mount one (root on Linux).</summary>
public sealed class FullDiskTests
{
    [SkippableFact]
    public async Task A_store_outlives_a_disk_that_is_full_for_a_while()
    {
        Skip.IfNot(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "needs root on Linux");
        using var directory = new TemporaryDirectory();
        Skip.IfNot(Run("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", directory.Path), "may not mount here");
        try
        {
            await Fill(directory.Path);
            await StartFull(directory.Path);
        }
        finally
        {
            Run("umount", directory.Path).ShouldBeTrue();
        }
    }

    private static async Task Fill(string path)
    {
        var (acknowledged, refusals) = (0, 0);
        var ballast = Path.Combine(path, "ballast");
        await using (var store = SqliteStore.Open(path, new ManualTime(), _ => { }))
        {
            for (var round = 0; round < 3; round++)
            {
                var refused = false;
                while (!refused)
                {
                    refused = !await Write(store, acknowledged);
                    if (!refused) acknowledged++;
                    else refusals++;
                    if (acknowledged % 10 == 0) await Grow(ballast);
                }

                (await Write(store, acknowledged)).ShouldBeFalse(); // it stays refused, and nothing breaks
                File.Delete(ballast);
                (await Write(store, acknowledged++)).ShouldBeTrue();
            }
        }

        refusals.ShouldBe(3);
        await using (var again = SqliteStore.Open(path, new ManualTime(), _ => { }))
            (await again.Range(new RangeQuery(""))).Entries.Count.ShouldBe(acknowledged);
    }

    /// <summary>Started when the disk is full already: it can be read.</summary>
    private static async Task StartFull(string path)
    {
        File.Delete(Path.Combine(path, "ballast"));
        File.Delete(Path.Combine(path, SqliteStore.FileName));
        await using (var store = SqliteStore.Open(path, new ManualTime(), _ => { })) (await Write(store, 1)).ShouldBeTrue();
        for (var i = 0; i < 30; i++) await Grow(Path.Combine(path, "ballast"));
        await using var full = SqliteStore.Open(path, new ManualTime(), _ => { });
        (await full.Range(new RangeQuery(""))).Entries.Count.ShouldBe(1);
        (await Write(full, 2)).ShouldBeFalse();
        File.Delete(Path.Combine(path, "ballast"));
        (await Write(full, 2)).ShouldBeTrue();
    }

    private static async Task<bool> Write(IStore store, int i)
    {
        try
        {
            (await store.Write(new Write($"k{i:0000}", 0, new byte[5000]))).Succeeded.ShouldBeTrue();
            return true;
        }
        catch (StoreUnavailableException e)
        {
            e.Message.ShouldContain("is full");
            return false;
        }
    }

    private static async Task Grow(string ballast)
    {
        try
        {
            await using var file = new FileStream(ballast, FileMode.Append);
            await file.WriteAsync(new byte[200_000]);
        }
        catch (IOException)
        {
            // full: just what we want
        }
    }

    private static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, UseShellExecute = false })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
