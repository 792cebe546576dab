using System.Runtime.InteropServices;

namespace Kennel.Store.Sqlite;

/// <summary>The few functions of SQLite's C interface that a journal needs. Pointers are ours: no copies, no marshalling.</summary>
internal static unsafe partial class Native
{
    public const string Library = "sqlite3";

    public const int Ok = 0, Busy = 5, Locked = 6, ReadOnlyFile = 8, InputOutput = 10, Corrupt = 11, Full = 13, CantOpen = 14, NotADatabase = 26,
        Row = 100, Done = 101,
        InputOutputSharedMemorySize = InputOutput | (19 << 8);

    /// <summary>Read, write, create; no mutex, since one thread uses a connection at a time.</summary>
    public const int OpenFlags = 0x2 | 0x4 | 0x8000;

    [LibraryImport(Library)]
    public static partial int sqlite3_libversion_number();

    [LibraryImport(Library)]
    public static partial byte* sqlite3_libversion();

    [LibraryImport(Library)]
    public static partial int sqlite3_open_v2(byte* path, out nint db, int flags, byte* vfs);

    [LibraryImport(Library)]
    public static partial int sqlite3_close_v2(nint db);

    [LibraryImport(Library)]
    public static partial int sqlite3_extended_errcode(nint db);

    [LibraryImport(Library)]
    public static partial byte* sqlite3_errmsg(nint db);

    [LibraryImport(Library)]
    public static partial int sqlite3_busy_timeout(nint db, int milliseconds);

    [LibraryImport(Library)]
    public static partial int sqlite3_get_autocommit(nint db);

    [LibraryImport(Library)]
    public static partial int sqlite3_prepare_v2(nint db, byte* sql, int length, out nint statement, byte** tail);

    [LibraryImport(Library)]
    public static partial int sqlite3_finalize(nint statement);

    [LibraryImport(Library)]
    public static partial int sqlite3_step(nint statement);

    [LibraryImport(Library)]
    public static partial int sqlite3_reset(nint statement);

    [LibraryImport(Library)]
    public static partial int sqlite3_bind_int64(nint statement, int parameter, long value);

    [LibraryImport(Library)]
    public static partial int sqlite3_bind_blob(nint statement, int parameter, byte* value, int length, nint destructor);

    [LibraryImport(Library)]
    public static partial int sqlite3_bind_text(nint statement, int parameter, byte* value, int length, nint destructor);

    [LibraryImport(Library)]
    public static partial long sqlite3_column_int64(nint statement, int column);

    [LibraryImport(Library)]
    public static partial byte* sqlite3_column_blob(nint statement, int column);

    [LibraryImport(Library)]
    public static partial int sqlite3_column_bytes(nint statement, int column);
}
