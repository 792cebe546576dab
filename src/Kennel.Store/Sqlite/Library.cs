using System.Reflection;
using System.Runtime.InteropServices;

namespace Kennel.Store.Sqlite;

/// <summary>Which SQLite is used: the machine's own, which is kept up to date with it; else the one that we ship, which is older.</summary>
internal static unsafe class Library
{
    private const string Shipped = "e_sqlite3";

    private static readonly string[] OfTheSystem =
        OperatingSystem.IsMacOS() ? ["libsqlite3.dylib"] : OperatingSystem.IsWindows() ? ["winsqlite3"] : ["libsqlite3.so.0"];

    private static readonly Lock Gate = new();
    private static bool _set;
    private static bool _shipped;

    /// <summary>Loads it, once a process; says so when it is the shipped one.</summary>
    /// <returns>Its version: <c>3.46.1</c>.</returns>
    public static string Load(Action<string> warn)
    {
        lock (Gate)
        {
            if (!_set) NativeLibrary.SetDllImportResolver(typeof(Library).Assembly, Resolve);
            _set = true;
        }

        var version = Marshal.PtrToStringUTF8((nint)Native.sqlite3_libversion())!;
        if (_shipped)
            warn($"this machine has no {OfTheSystem[0]}: using the SQLite {version} that comes with kennel; install SQLite (Debian: libsqlite3-0) to get the newer one");
        return version;
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        if (name != Native.Library) return 0;
        foreach (var candidate in OfTheSystem)
            if (NativeLibrary.TryLoad(candidate, out var own)) return own;
        _shipped = true;
        return NativeLibrary.Load(Shipped, assembly, path);
    }
}
