package io.beamline.worker;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.security.CodeSigner;
import java.security.CodeSource;
import java.security.SecureClassLoader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.jspecify.annotations.Nullable;

/**
 * Loads the classes of the worker's jar and of the jars inside it. It knows by an index which jar
 * may have a class; Spring Boot's loader asks one jar after another, which is a quarter of a start.
 * It opens the jars by Spring Boot's loader and asks them in the same order, but before its parent.
 * Thread-safe.
 */
final class WorkerClassLoader extends SecureClassLoader {

  static {
    registerAsParallelCapable();
  }

  private static final String PREFIX = "jar:nested:";

  /** Between the path of the jar and the name of what is inside. */
  private static final String INSIDE = "/!";

  /** Names of packages that the JDK may have, or Spring Boot's loader. */
  private static final List<String> OF_PARENT =
      List.of(
          "java",
          "jdk.",
          "sun.",
          "com.sun.",
          "netscape.",
          "org.ietf.",
          "org.jcp.",
          "org.w3c.",
          "org.xml.",
          "org.springframework.boot.loader.");

  private static final CodeSigner[] NOT_SIGNED = {};

  private final FolderIndex index;
  private final List<URL> urls;
  private final AtomicReferenceArray<@Nullable ClassPathPart> parts;

  private WorkerClassLoader(ClassLoader parent, FolderIndex index, List<URL> urls) {
    super(parent);
    this.index = index;
    this.urls = urls;
    this.parts = new AtomicReferenceArray<>(urls.size());
  }

  /**
   * Returns a loader of what another one loads, or null if that is not Spring Boot's loader of a
   * jar with jars inside.
   */
  static @Nullable ClassLoader insteadOf(ClassLoader other) {
    if (!(other instanceof URLClassLoader given)) {
      return null;
    }
    List<URL> urls = List.of(given.getURLs());
    List<String> names = new ArrayList<>();
    @Nullable String jar = null;
    for (URL url : urls) {
      String text = url.toString();
      int inside = text.indexOf(INSIDE);
      if (!text.startsWith(PREFIX) || inside < 0 || !text.endsWith("!/")) {
        return null;
      }
      String of = text.substring(PREFIX.length(), inside);
      if (jar != null && !jar.equals(of)) {
        return null;
      }
      jar = of;
      names.add(text.substring(inside + INSIDE.length(), text.length() - "!/".length()));
    }
    if (jar == null) {
      return null;
    }
    try {
      Path file = Path.of(URI.create("file:" + jar));
      return new WorkerClassLoader(other.getParent(), FolderIndex.read(file, names), urls);
    } catch (IOException | RuntimeException e) {
      // Spring Boot's loader copes with what is odd.
      return null;
    }
  }

  /** Looks in the jars first where the JDK has nothing: a failed search makes an exception. */
  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (isOfParent(name) || index.partsWith(folderOf(name)).length == 0) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      @Nullable Class<?> loaded = findLoadedClass(name);
      if (loaded == null) {
        loaded = defined(name);
      }
      if (loaded == null) {
        return super.loadClass(name, resolve);
      }
      if (resolve) {
        resolveClass(loaded);
      }
      return loaded;
    }
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    @Nullable Class<?> found = defined(name);
    if (found == null) {
      throw new ClassNotFoundException(name);
    }
    return found;
  }

  @Override
  protected @Nullable URL findResource(String name) {
    for (int part : partsFor(name)) {
      @Nullable URL found = resource(part, name);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  @Override
  protected Enumeration<URL> findResources(String name) {
    List<URL> found = new ArrayList<>();
    for (int part : partsFor(name)) {
      @Nullable URL resource = resource(part, name);
      if (resource != null) {
        found.add(resource);
      }
    }
    return Collections.enumeration(found);
  }

  private static boolean isOfParent(String name) {
    for (String prefix : OF_PARENT) {
      if (name.startsWith(prefix)) {
        return true;
      }
    }
    return false;
  }

  private static String folderOf(String className) {
    return className.substring(0, Math.max(0, className.lastIndexOf('.'))).replace('.', '/');
  }

  private int[] partsFor(String resource) {
    return index.partsWith(resource.substring(0, Math.max(0, resource.lastIndexOf('/'))));
  }

  private @Nullable URL resource(int number, String name) {
    try {
      return part(number).jar.getEntry(name) == null
          ? null
          : new URL(urls.get(number), encoded(name));
    } catch (IOException | URISyntaxException e) {
      return null;
    }
  }

  /** Returns a name as a part of a URL. */
  private static String encoded(String name) throws URISyntaxException {
    return new URI(null, null, "/" + name, null).getRawPath().substring(1);
  }

  /** Returns the class, or null if no jar has it. */
  private @Nullable Class<?> defined(String name) throws ClassNotFoundException {
    String file = name.replace('.', '/') + ".class";
    try {
      for (int number : partsFor(file)) {
        ClassPathPart part = part(number);
        @Nullable ZipEntry entry = part.jar.getEntry(file);
        if (entry != null) {
          byte[] bytes = bytes(part.jar, entry);
          definePackage(name.substring(0, Math.max(0, name.lastIndexOf('.'))), part);
          return defineClass(name, bytes, 0, bytes.length, part.source);
        }
      }
      return null;
    } catch (IOException e) {
      throw new ClassNotFoundException(name, e);
    }
  }

  private static byte[] bytes(JarFile jar, ZipEntry entry) throws IOException {
    try (InputStream content = jar.getInputStream(entry)) {
      return content.readAllBytes();
    }
  }

  private void definePackage(String name, ClassPathPart part) {
    if (getDefinedPackage(name) != null) {
      return;
    }
    try {
      definePackage(
          name,
          part.attribute(Attributes.Name.SPECIFICATION_TITLE),
          part.attribute(Attributes.Name.SPECIFICATION_VERSION),
          part.attribute(Attributes.Name.SPECIFICATION_VENDOR),
          part.attribute(Attributes.Name.IMPLEMENTATION_TITLE),
          part.attribute(Attributes.Name.IMPLEMENTATION_VERSION),
          part.attribute(Attributes.Name.IMPLEMENTATION_VENDOR),
          null);
    } catch (IllegalArgumentException e) {
      // Another thread has just defined it.
    }
  }

  private ClassPathPart part(int number) throws IOException {
    @Nullable ClassPathPart known = parts.get(number);
    if (known != null) {
      return known;
    }
    URL url = urls.get(number);
    JarFile jar = ((JarURLConnection) url.openConnection()).getJarFile();
    ClassPathPart opened =
        new ClassPathPart(jar, new CodeSource(url, NOT_SIGNED), jar.getManifest());
    parts.set(number, opened);
    return opened;
  }

  /** One element of the class path, which stays open. */
  private static final class ClassPathPart {

    private final JarFile jar;
    private final CodeSource source;
    private final @Nullable Manifest manifest;

    ClassPathPart(JarFile jar, CodeSource source, @Nullable Manifest manifest) {
      this.jar = jar;
      this.source = source;
      this.manifest = manifest;
    }

    /** Returns an attribute of the manifest, or null. */
    @Nullable String attribute(Attributes.Name name) {
      return manifest == null ? null : manifest.getMainAttributes().getValue(name);
    }
  }
}
