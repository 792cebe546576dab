using System.Diagnostics;
using Kennel.Node.Volumes;
using Kennel.Node.Volumes.Trees;

namespace Kennel.Node.Tests.Volumes;

/// <summary>Copies of whole directories, on the real disk.</summary>
public sealed class TreeTests : IDisposable
{
    readonly string _root = Directory.CreateTempSubdirectory("kennel-tree-").FullName;
    readonly LinuxHost _host = new();

    public void Dispose() => Directory.Delete(_root, recursive: true);

    string From => $"{_root}/from";

    string To => $"{_root}/copies/to";

    [Fact]
    public void A_copy_has_the_content_the_modes_and_the_times()
    {
        Directory.CreateDirectory($"{From}/deep/er");
        File.WriteAllText($"{From}/deep/er/file", "content");
        _host.SetMode($"{From}/deep/er/file", 0b100_110_100_000);
        _host.SetMode($"{From}/deep", 0b001_111_101_000);
        File.SetLastWriteTimeUtc($"{From}/deep/er/file", new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc));
        Directory.SetLastWriteTimeUtc($"{From}/deep", new DateTime(2002, 2, 3, 4, 5, 6, DateTimeKind.Utc));
        Tree.Copy(From, To, default);
        File.ReadAllText($"{To}/deep/er/file").ShouldBe("content");
        _host.Mode($"{To}/deep/er/file").ShouldBe(0b100_110_100_000);
        _host.Mode($"{To}/deep").ShouldBe(0b001_111_101_000);
        File.GetLastWriteTimeUtc($"{To}/deep/er/file").Year.ShouldBe(2001);
        Directory.GetLastWriteTimeUtc($"{To}/deep").Year.ShouldBe(2002);
        Directory.Exists(To + ".partial").ShouldBeFalse();
    }

    [Fact]
    public void Symbolic_links_stay_links_even_broken_ones_and_hard_links_stay_one_file()
    {
        Directory.CreateDirectory(From);
        File.WriteAllText($"{From}/a", "one");
        File.CreateSymbolicLink($"{From}/broken", "../nowhere");
        Directory.CreateSymbolicLink($"{From}/home", _root);
        Process.Start("ln", [$"{From}/a", $"{From}/b"]).WaitForExit();
        Tree.Copy(From, To, default);
        new FileInfo($"{To}/broken").LinkTarget.ShouldBe("../nowhere");
        new FileInfo($"{To}/home").LinkTarget.ShouldBe(_root);
        File.WriteAllText($"{To}/a", "two");
        File.ReadAllText($"{To}/b").ShouldBe("two");
        File.ReadAllText($"{From}/a").ShouldBe("one");
    }

    [Fact]
    public void A_file_with_holes_takes_no_more_room_as_a_copy()
    {
        Directory.CreateDirectory(From);
        using (var file = File.OpenWrite($"{From}/sparse"))
        {
            file.SetLength(64 << 20);
            file.Seek(32 << 20, SeekOrigin.Begin);
            file.Write("middle"u8);
        }
        Tree.Copy(From, To, default);
        new FileInfo($"{To}/sparse").Length.ShouldBe(64 << 20);
        using var copy = File.OpenRead($"{To}/sparse");
        copy.Seek(32 << 20, SeekOrigin.Begin);
        var read = new byte[6];
        copy.ReadExactly(read);
        read.ShouldBe("middle"u8.ToArray());
        KilobytesOf($"{To}/sparse").ShouldBeLessThan(1024);
    }

    [Fact]
    public void Owners_and_special_files_are_kept()
    {
        if (Environment.UserName != "root") return;
        Directory.CreateDirectory(From);
        File.WriteAllText($"{From}/file", "x");
        File.CreateSymbolicLink($"{From}/link", "file");
        Process.Start("mkfifo", [$"{From}/pipe"]).WaitForExit();
        foreach (var name in new[] { "file", "link", "pipe" }) _host.SetOwner($"{From}/{name}", 1234, 4321);
        Tree.Copy(From, To, default);
        foreach (var name in new[] { "file", "link", "pipe" }) _host.Group($"{To}/{name}").ShouldBe(4321);
        _host.Kind($"{To}/pipe").ShouldBe(PathKind.Other);
    }

    [Fact]
    public void What_was_copied_before_stays_and_what_was_broken_off_is_begun_anew()
    {
        Directory.CreateDirectory(From);
        File.WriteAllText($"{From}/file", "new");
        Directory.CreateDirectory($"{To}.partial");
        File.WriteAllText($"{To}.partial/rubbish", "");
        Tree.Copy(From, To, default);
        File.Exists($"{To}/rubbish").ShouldBeFalse();
        File.WriteAllText($"{To}/file", "mine");
        Tree.Copy(From, To, default);
        File.ReadAllText($"{To}/file").ShouldBe("mine");
    }

    [Fact]
    public void A_copy_that_fails_leaves_nothing()
    {
        File.WriteAllText(From, "no directory");
        Should.Throw<IOException>(() => Tree.Copy(From, To, default)).Message.ShouldContain("not a directory");
        File.Delete(From);
        Directory.CreateDirectory(From);
        File.WriteAllText($"{From}/file", "x");
        Should.Throw<OperationCanceledException>(() => Tree.Copy(From, To, new CancellationToken(canceled: true)));
        Directory.Exists(To).ShouldBeFalse();
        Directory.Exists(To + ".partial").ShouldBeFalse();
    }

    [Fact]
    [Trait("Behaviour", "SS-1122")]
    public void Scrubbing_takes_everything_inside_and_nothing_that_links_point_to()
    {
        Directory.CreateDirectory($"{From}/deep");
        Directory.CreateDirectory($"{_root}/precious");
        File.WriteAllText($"{_root}/precious/file", "x");
        File.WriteAllText($"{From}/.hidden", "x");
        File.WriteAllText($"{From}/..odd", "x");
        Directory.CreateSymbolicLink($"{From}/link", $"{_root}/precious");
        Directory.CreateSymbolicLink($"{From}/deep/link", $"{_root}/precious");
        Tree.Scrub(From);
        Directory.GetFileSystemEntries(From).ShouldBeEmpty();
        File.ReadAllText($"{_root}/precious/file").ShouldBe("x");
        Tree.Scrub($"{_root}/absent");
        Should.Throw<IOException>(() => Tree.Scrub("/"));
    }

    static long KilobytesOf(string path)
    {
        using var du = Process.Start(new ProcessStartInfo("du", ["-k", path]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        return long.Parse(du.StandardOutput.ReadToEnd().Split('\t')[0], System.Globalization.CultureInfo.InvariantCulture);
    }
}
